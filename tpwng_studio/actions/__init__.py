"""Everything the window can do: one table, its menus and keys."""
