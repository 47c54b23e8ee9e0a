"""TPWNG: find rare events in video when training videos carry only a video-level label.

Nouns (video, features, scores, labels) are NumPy, verbs (extract, train, score, label) are
torch. Importing this package imports neither torch, open_clip nor OpenCV.
"""

__version__ = "0.1.0"
