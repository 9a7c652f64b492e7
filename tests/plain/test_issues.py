"""An issue says where, what and how to mend."""

from __future__ import annotations

import json

from jingtu.plain.issues import Issue, Severity, blocking


def test_place_names_file_sheet_row_and_column() -> None:
    issue = Issue("a.b", Severity.WARNING, "有误。", "请改。", file="x.xlsx", sheet="结果", row=7, column="镉")
    assert issue.place() == "文件 x.xlsx 工作表 结果 第 7 行 “镉”"
    assert issue.sentence() == "文件 x.xlsx 工作表 结果 第 7 行 “镉”：有误。请改。"
    assert Issue("a.b", Severity.NOTE, "好。").place() == ""


def test_an_issue_goes_into_json_whole() -> None:
    data = json.loads(json.dumps(Issue("a.b", Severity.BLOCKING, "有误。", row=1).as_dict()))
    assert data["severity"] == "blocking"
    assert data["row"] == 1


def test_only_blocking_issues_stop() -> None:
    issues = [Issue("a", severity, "。") for severity in Severity]
    assert [issue.severity for issue in blocking(issues)] == [Severity.BLOCKING]
