"""The one style sheet of all pages: light, dark and print, from the palette.

``html.page`` puts it inline. System fonts, no script, nothing fetched.
"""

from __future__ import annotations

from collections.abc import Mapping

from tpwng_core.report import palette

_SURFACES_LIGHT = {"shade": "#f4f6f8", "notice": "#fff4e5", "link": "#00558a"}
_SURFACES_DARK = {"shade": "#1d232a", "notice": "#33260f", "link": "#7cc0ee"}

_RULES = """
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.25rem; }
footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--muted); font-size: .875rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin: 0 0 .75rem; letter-spacing: -.01em; }
h2 { font-size: 1.4rem; margin: 3rem 0 .75rem; padding-top: 1rem;
  border-top: 1px solid var(--rule); }
h3 { font-size: 1.08rem; margin: 2rem 0 .5rem; }
p, ul { max-width: 44rem; margin: .5rem 0 .9rem; }
ul { padding-left: 1.25rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible {
  outline: 3px solid var(--normal); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0;
  max-width: none; }
.notice { background: var(--notice); border-left: .4rem solid var(--abnormal);
  padding: .7rem 1rem; margin: 0 0 1rem; font-weight: 600; border-radius: 0 .3rem .3rem 0; }
.scroll { overflow-x: auto; margin: .75rem 0 1.5rem; }
table { border-collapse: collapse; min-width: min(100%, 26rem); font-size: .9rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: 0 0 .5rem;
  max-width: min(44rem, calc(100vw - 2.5rem)); }
th, td { padding: .34rem .8rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--muted); vertical-align: bottom; }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 8rem; }
td.long { min-width: 15rem; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; white-space: nowrap; }
thead th.number { white-space: normal; max-width: 9rem; }
tbody tr:hover { background: var(--shade); }
tr.strong th, tr.strong td { font-weight: 700; }
figure { margin: 1rem 0 1.75rem; min-width: 0; }
figure .scroll { margin: 0; }
figure svg, figure img { display: block; max-width: 100%; height: auto; }
figure svg * { stroke-linejoin: round; stroke-linecap: butt; }
figcaption { color: var(--muted); font-size: .875rem; margin-top: .4rem; max-width: 44rem; }
.side-by-side { display: grid; gap: 0 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.side-by-side > * { min-width: 0; }
.tiles { display: grid; gap: .75rem; margin: 1rem 0 1.5rem; padding: 0; max-width: none;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.tiles > div { background: var(--shade); border-radius: .4rem; padding: .7rem .9rem; }
.tiles dt { color: var(--muted); font-size: .85rem; line-height: 1.3; }
.tiles dd { margin: .2rem 0 0; font-size: 1.35rem; font-weight: 650; line-height: 1.25;
  font-variant-numeric: tabular-nums; }
details { border: 1px solid var(--rule); border-radius: .4rem; margin: .5rem 0;
  padding: 0 .9rem; }
summary { cursor: pointer; padding: .5rem 0; overflow-wrap: anywhere; }
details[open] > summary { border-bottom: 1px solid var(--rule); margin-bottom: .75rem; }
@media (max-width: 44rem) {
  body { font-size: 15px; }
  h1 { font-size: 1.6rem; }
  figure.wide svg, figure.wide img { min-width: 44rem; max-width: none; }
}
@media print {
  body { font-size: 10pt; }
  main, header, footer { max-width: none; padding: 0; }
  figure, tr, .notice, .tiles > div { break-inside: avoid; }
  h2, h3, summary, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  details { border: 0; padding: 0; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  a { color: inherit; text-decoration: none; }
}
"""


def stylesheet() -> str:
    """The CSS of a page: light by default and on paper, dark where the reader asks for it."""
    light = _variables({**palette.LIGHT, **_SURFACES_LIGHT})
    dark = _variables({**palette.DARK, **_SURFACES_DARK})
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f"{_RULES.strip()}\n"
    )


def _variables(colors: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colors.items())
