"""Reports and figures: plain numbers in, SVG, PNG, HTML, CSV and text tables out.

``video_figure`` and ``figures`` draw, ``html`` writes pages, ``table`` holds tables of results,
``demo`` and ``evaluation`` put whole reports together. NumPy and matplotlib only; matplotlib
is imported when the first figure is drawn, so importing any of these rooms stays cheap.
"""
