"""The page of a study is whole, self-contained, and shows every number it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.core.report.pages import assert_sound
from tpwng_core.report.figures import OperatingCurve, Sensitivity
from tpwng_core.report.study import Detail, StudyPage, SweepFigure, study_report
from tpwng_core.report.table import ResultColumn, ResultRow, ResultTable

AUC = ResultColumn(data_set="toy", metric="AUC", paper="UCF-Crime AUC")
TABLE = ResultTable(
    title="Table 3: normality guidance",
    columns=(AUC,),
    rows=(
        ResultRow(variant="w/o NG", values={AUC: [0.7, 0.72]}, paper={AUC: 0.8583}),
        ResultRow(variant="w NG", values={AUC: [0.71, 0.74]}, paper={AUC: 0.8779}),
    ),
    caption="toy numbers",
    baseline="w NG",
)
SERIES = Sensitivity(name="toy", x=[1, 16, 256], mean=[0.7, 0.8, 0.75], sd=[0.1, 0, 0], chosen=16)


def page(**changes: Any) -> StudyPage:
    parts: dict[str, Any] = {
        "title": "Ablations on <toy>",
        "notice": "a study",
        "facts": {"seeds": "0, 1"},
        "remarks": ["nothing was chosen"],
        "tables": [TABLE],
        "chance": {"AUC": 0.5},
        "abnormal_share": 0.1,
        "settings": {"training": {"epochs": 15}},
        "versions": {"tpwng": "1"},
    }
    return StudyPage(**{**parts, **changes})


def test_tables_order_and_settings_are_on_the_page() -> None:
    reader = assert_sound(study_report(page()))
    for text in ("Ablations on <toy>", "87.79", "72.5 ± 2.1", "1 of 1 pairs", "training.epochs"):
        assert text in reader.text
    assert [row.get("class") for row in reader.named("tr")].count("strong") == 1


def test_sweeps_are_drawn_with_their_values_in_words() -> None:
    sweep = SweepFigure(setting="R", metric="AUC", series=[SERIES], logarithmic=True)
    reader = assert_sound(study_report(page(sweeps=[sweep])))
    labels = [str(drawing["aria-label"]) for drawing in reader.named("svg")]
    assert "AUC in percent over R: 1 70.0, 16 80.0, 256 75.0" in labels


def test_curves_and_details_appear_where_there_are_any() -> None:
    curve = OperatingCurve(name="TPWNG", x=[0.0, 0.5, 1.0], y=[0.0, 0.8, 1.0], area=0.8)
    detail = Detail(title="Every seed", headers=["a", "b"], rows=[["x", "+1.0"]], caption="d")
    reader = assert_sound(study_report(page(roc=[curve], pr=[curve], details=[detail])))
    assert "Curves of the first seed" in reader.text
    assert "Every seed" in reader.text
    assert "Curves of the first seed" not in assert_sound(study_report(page())).text


def test_two_tables_of_the_same_numbers_do_not_share_ids() -> None:
    again = replace(TABLE, title="the same once more")
    assert_sound(study_report(page(tables=[TABLE, again])))


def test_a_table_without_numbers_of_the_paper_says_so() -> None:
    plain = ResultTable(title="ours", columns=(AUC,), rows=(TABLE.rows[0],))
    text = assert_sound(study_report(page(tables=[plain]))).text
    assert "no numbers for these rows" in text
