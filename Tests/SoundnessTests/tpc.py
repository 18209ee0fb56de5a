"""Writes the queries and schemas of TPC-H and TPC-DS as JSON, for SQLite and as they are for DuckDB.

The texts belong to the Transaction Processing Performance Council; they come with DuckDB's
extensions (pinned in Tests/requirements.txt) and are not kept in this repository.
"""

import importlib
import json
import pathlib
import re
import sys

import duckdb


def closing(text, start):
    """The place behind the parenthesis that closes the one at `start`."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError(text)


def opening(text, end):
    """The place of the parenthesis that the one before `end` closes."""
    depth = 0
    for place in range(end - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(text)


def extract(text):
    """`extract(year from x)` is a call of `strftime`."""
    return re.sub(r"\bextract\s*\(\s*year\s+from\s+(\w+)\s*\)", r"strftime('%Y', \1)", text, flags=re.I)


def substring(text):
    """`substring(x from a for b)` is a call with three arguments."""
    return re.sub(
        r"\bsubstring\s*\(\s*(\w+)\s+from\s+(\d+)\s+for\s+(\d+)\s*\)", r"substring(\1, \2, \3)", text, flags=re.I)


def date(text):
    """`date 'x'` is a string."""
    return re.sub(r"\bdate\s+('[^']*')", r"\1", text, flags=re.I)


def column_list(text):
    """`(query) as t (a, b)` names its columns in a `with` clause."""
    pattern = re.compile(r"\)\s+as\s+(\w+)\s*(\(\s*[a-z_][\w\s,]*\))", re.I)
    while found := pattern.search(text):
        start = opening(text, found.start() + 1)
        query, (name, columns) = text[start : found.start() + 1], found.groups()
        text = (
            f"{text[:start]}(with {name} {columns} as {query} select * from {name}) as {name}"
            f"{text[found.end():]}"
        )
    return text


def operands(text):
    """`(select …) except (select …)` has `select * from (select …)` on its sides."""
    word = r"(except|intersect|union)\b"
    for found in reversed(list(re.finditer(r"\(\s*select\b", text, re.I))):
        start, end = found.start(), closing(text, found.start())
        before = re.search(rf"(\(|{word}|\ball)\s*$", text[:start], re.I)
        after = re.match(rf"\s*(\)|{word})", text[end:], re.I)
        follows_name = re.search(r"\w\s*\(\s*$", text[:start])
        if before and after and not (before.group(1) == "(" and follows_name and after.group(1) == ")"):
            text = f"{text[:start]}select * from {text[start:end]}{text[end:]}"
    return text


RULES = [extract, substring, date, column_list, operands]


def suite(name, generator):
    module = importlib.import_module(f"duckdb_extension_{name}")
    extension = next(pathlib.Path(module.__file__).parent.glob("extensions/**/*.duckdb_extension"))
    database = duckdb.connect()
    database.execute(f"load '{extension}'")
    database.execute(f"call {generator}(sf=0)")
    tables = database.execute(
        "select table_name, list(column_name order by column_index)"
        " from duckdb_columns() where not internal group by 1 order by 1"
    ).fetchall()
    queries = []
    for number, text in database.execute(f"select query_nr, query from {name}_queries() order by 1").fetchall():
        text = text.strip().rstrip(";").strip()
        rewritten = text
        for rule in RULES:
            rewritten = rule(rewritten)
        queries.append({"number": number, "duckdb": text, "sqlite": rewritten})
    return {"tables": [{"name": table, "columns": columns} for table, columns in tables], "queries": queries}


if __name__ == "__main__":
    suites = {"tpch": suite("tpch", "dbgen"), "tpcds": suite("tpcds", "dsdgen")}
    pathlib.Path(sys.argv[1]).write_text(json.dumps(suites, indent=1))
