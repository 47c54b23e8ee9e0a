"""The desktop app. Views are Qt; everything they show comes from tpwng_core."""
