"""`symconv prove`: every option, every format, every exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from processes import command, environment, on_a_terminal
from rich.cells import cell_len
from tools import missing

PADDED = "dX == correlate(pad(dilate(dY, (u, v)), {}), rotate(F))"
RIGHT = PADDED.format("((R-1, R-1 + (H-R) % u), (S-1, S-1 + (W-S) % v))")
FORGOTTEN = PADDED.format("(R-1, S-1)")
DIVIDES = ("--where", "(H - R) % u == 0", "--where", "(W - S) % v == 0")

FILE = """
[[claim]]
id = "twice"
statement = "rotate(rotate(X)) == X"

[[claim]]
id = "once"
statement = "rotate(X) == X"
expected = "refuted"
note = "Most images have an up and a down."
"""


def with_file(folder: Path, text: str = FILE, name: str = "claims.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


# What is judged


def test_a_true_claim_is_proved_for_every_size(run):
    done = run("prove", RIGHT)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("PROVED for every size\n")
    assert RIGHT in done.out
    assert "each with a certificate; tried at 100 random sizes" in done.out


def test_a_false_claim_shows_where_it_fails_and_how_to_mend_it(run):
    done = run("prove", FORGOTTEN)
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines() == [
        "REFUTED at H=2, W=1, R=1, S=1, u=2, v=1, P=1, Q=1",
        f"  {FORGOTTEN}",
        "  where the filter fits: H >= R, W >= S",
        "  where sizes are positive: H, W, R, S, u, v >= 1",
        "  dX is 2x1, the right side 1x1",
        "  and at H=3, W=3, R=2, S=2, u=2, v=1, P=1, Q=2:",
        "    dX is 3x3, the right side 2x3",
        "  As it is, proved for every size where (H - R) % u == 0 and (W - S) % v == 0",
        "  Repair, proved for every size:",
        "    bottom: R - 1 becomes R - 1 + (H - R) % u",
        "    right: S - 1 becomes S - 1 + (W - S) % v",
        "    dX == correlate(pad(dilate(dY, (u, v)), ((R - 1, R - 1 + (H - R) % u), "
        "(S - 1, S - 1 + (W - S) % v))), rotate(F))",
    ]


def test_the_first_wrong_element_is_written_out(run):
    done = run("prove", "dX == correlate(pad(dY, (R-1, S-1)), F)", "--where", "u == 1 and v == 1")
    assert done.status == 1
    assert "the first element that differs is [0,0]:" in done.out
    assert "dL/dx[0,0] = dL/dy[0,0] f[0,0]" in done.out
    assert "the right side gives dL/dy[0,0] f[1,0]" in done.out


def test_a_side_without_a_meaning_is_said_to_have_none(run):
    done = run("prove", PADDED.format("((R-1, R-1 - (H-R) % u), (S-1, S-1))"))
    assert "the right side has no meaning: pad leaves a tensor of shape (0, 1)" in done.out


REPAIRED = (
    "((R - 1, R - 1 + (H - R) % u), (S - 1, S - 1 + (W - S) % v))), rotate(F))",
    "dF == correlate(crop(X, ((0, (H - R) % u), (0, (W - S) % v))), dilate(dY, (u, v)))",
)
MISTAKES = {
    "remainder-forgotten": PADDED.format("(R-1, S-1)"),
    "wrong-sign": PADDED.format("((R-1, R-1 - (H-R) % u), (S-1, S-1 - (W-S) % v))"),
    "stride-for-filter": PADDED.format("(u, v)"),
    "axes-swapped": PADDED.format("((S-1, S-1 + (W-S) % v), (R-1, R-1 + (H-R) % u))"),
    "plus-for-minus": PADDED.format("((R-1, R-1 + (H+R) % u), (S-1, S-1 + (W+S) % v))"),
    "one-letter-for-both": PADDED.format("(R-1, R-1)"),
    "remainder-before": PADDED.format("((R-1 + (H-R) % u, R-1), (S-1 + (W-S) % v, S-1))"),
    "crop-forgotten": "dF == correlate(X, dilate(dY, (u, v)))",
    "transposed": "dX == conv_transpose(dY, F, stride=(u, v))",
}


def test_a_declared_tensor_is_no_gradient(run):
    done = run("prove", "data == rotate(data)", "--tensor", "data=N")
    assert "the left side = data[0]" in done.out
    assert "dL/d" not in done.out


@pytest.mark.parametrize("claim", MISTAKES.values(), ids=MISTAKES)
def test_usual_mistakes_are_mended_and_what_mends_them_is_proved(run, claim):
    done = run("prove", claim)
    assert done.status == 1
    assert "Repair, proved for every size:\n" in done.out
    repaired = done.out.splitlines()[-1].strip()
    assert repaired.endswith(REPAIRED)
    assert run("prove", repaired).status == 0


def test_a_repair_of_the_general_gradient_names_its_padding_and_dilation(run):
    claim = (
        "dX == correlate(pad(dilate(dY, (u, v)), ((d*(R-1) - pt, d*(R-1) - pb), "
        "(e*(S-1) - pl, e*(S-1) - pr))), rotate(F), dilation=(d, e))"
    )
    done = run("prove", claim, "--general", "padding,dilation")
    assert done.status == 1
    assert (
        "bottom: d*(R - 1) - pb becomes d*(R - 1) - pb + (H + pt + pb - d*(R - 1) - 1) % u"
    ) in done.out


def test_what_is_assumed_is_printed_and_nothing_else_is_assumed(run):
    done = run("prove", "max(H,R) == H")
    assert done.status == 1
    assert done.out.splitlines()[:4] == [
        "REFUTED at H=1, R=2",
        "  max(H,R) == H",
        "  where sizes are positive: H, R >= 1",
        "  the left side is 2, the right side 1",
    ]
    assert run("prove", "max(H,R) == H", "--where", "H >= R").status == 0
    done = run("prove", "max(P, 1) == P")
    assert done.status == 0
    assert "  where the filter fits: H >= R\n  where sizes are positive: H, R, u >= 1\n" in done.out


def test_what_was_declared_is_printed(run):
    more = ("--tensor", "G=n x R", "--integer", "n=0..3", "--integer", "k=1..2")
    done = run("prove", "crop(pad(G, ((k, 0), (0, 0))), ((k, 0), (0, 0))) == G", *more)
    assert done.status == 0
    assert done.out.splitlines()[2:7] == [
        "  with G = n x R",
        "  with n = 0..3",
        "  with k = 1..2",
        "  where no tensor is empty: n >= 1",
        "  where sizes are positive: R >= 1",
    ]


def test_a_claim_about_numbers_alone_fails_at_no_size(run):
    done = run("prove", "1 == 2")
    assert done.status == 1
    assert done.out == "REFUTED\n  1 == 2\n  the left side is 1, the right side 2\n"


def test_a_where_makes_the_difference(run):
    assert run("prove", FORGOTTEN).status == 1
    done = run("prove", FORGOTTEN, *DIVIDES)
    assert done.status == 0
    assert "  where (H - R) % u == 0\n  where (W - S) % v == 0\n" in done.out
    assert run("prove", FORGOTTEN, *DIVIDES[:2]).status == 1


def test_general_gives_y_padding_and_dilation(run):
    claim = "Y == correlate(pad(X, ((pt, pb), (pl, pr))), F, stride=(u, v), dilation=(d, e))"
    done = run("prove", claim, "--general", "padding, dilation")
    assert (done.status, done.err) == (0, "")
    assert "  Y with padding, dilation\n" in done.out
    for right, wrong in (("(d, e)", "(e, d)"), ("(pl, pr)", "(pr, pl)")):
        mutant = claim.replace(right, wrong)
        done = run("prove", mutant, "--general", "padding,dilation", "--timeout", "3")
        assert done.status == 1
        assert "Repair" not in done.out


def test_listed_sizes_are_looked_at_one_by_one(run):
    done = run("prove", FORGOTTEN, "--sizes", "H=5, R=3, u=2")
    assert done.status == 0
    assert done.out.startswith("PROVED for listed sizes\n")
    assert "  for H=5, R=3, u=2\n" in done.out
    assert run("prove", FORGOTTEN, "--sizes", "H=5..6, R=3, u=2").status == 1


def test_tensors_and_integers_can_be_declared(run):
    right = (
        "correlate(correlate(X, F), G) == "
        "correlate(X, correlate(pad(F, ((a-1, a-1), (b-1, b-1))), rotate(G)))"
    )
    more = ("--tensor", "G=a x b", "--where", "H >= R + a", "--where", "W >= S + b")
    assert run("prove", right, *more).status == 0
    assert run("prove", right.replace("rotate(G)", "G"), *more).status == 1
    shifted = "crop(pad(X, ((k, 0), (0, 0))), ((k, 0), (0, 0))) == X"
    assert run("prove", shifted, "--integer", "k=0..3").status == 0
    mutant = "crop(pad(X, ((k, 0), (0, 0))), ((1, 0), (0, 0))) == X"
    assert run("prove", mutant, "--integer", "k=0..3").status == 1


def test_one_axis_is_enough(run):
    assert run("prove", "rotate(rotate(A)) == A", "--tensor", "A=k").status == 0
    assert run("prove", "rotate(A) == A", "--tensor", "A=k").status == 1


def test_without_claims_the_theorems_are_judged(run):
    done = run("prove", "-k", "*size*")
    assert done.status == 0
    assert re.findall(r"^PROVED for every size  (\S+)$", done.out, re.MULTILINE) == [
        "output-size", "size-recovery",
    ]  # fmt: skip
    assert done.out.endswith("2 claims: 2 proved, 0 refuted, 0 not judged; all as expected\n")


def test_a_file_asserts_what_it_expects(run, tmp_path):
    done = run("prove", with_file(tmp_path))
    assert (done.status, done.err) == (0, "")
    assert "PROVED for every size  twice\n" in done.out
    assert "  Most images have an up and a down.\n" in done.out
    assert done.out.endswith("2 claims: 1 proved, 1 refuted, 0 not judged; all as expected\n")


def test_a_claim_that_is_not_as_expected_is_named_at_the_end(run, tmp_path):
    path = with_file(tmp_path, FILE.replace('expected = "refuted"', ""))
    done = run("prove", path)
    assert done.status == 1
    assert f"  not as expected: {path}:7 says proved\n" in done.out
    assert done.out.endswith(f"1 not as expected:\n  {path}:7: once\n")
    path = with_file(tmp_path, FILE.replace("rotate(X) == X", "X == X"))
    done = run("prove", path)
    assert done.status == 1
    assert f"{path}:7 says refuted" in done.out


def test_folders_are_searched_for_claim_files(run, tmp_path):
    (tmp_path / "deep").mkdir()
    with_file(tmp_path / "deep")
    with_file(tmp_path, FILE.replace("twice", "again"), "b.toml")
    (tmp_path / "notes.txt").write_text("no claims")
    done = run("prove", str(tmp_path), "--list")
    assert done.status == 0
    assert re.findall(r":\d+: (\w+) ", done.out) == ["again", "once", "twice", "once"]


def test_a_dash_reads_a_claim_file_from_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILE.encode())))
    done = run("prove", "-")
    assert done.status == 0
    assert "2 claims" in done.out


def test_typed_claims_and_files_go_together(run, tmp_path):
    done = run("prove", with_file(tmp_path), "H == H", "W == W")
    assert done.status == 0
    assert "4 claims: 3 proved, 1 refuted" in done.out


def test_k_picks_claims_by_their_id(run, tmp_path):
    path = with_file(tmp_path)
    assert "once" not in run("prove", path, "-k", "tw*").out
    assert "2 claims" in run("prove", path, "-k", "twice", "-k", "onc?").out


def test_list_names_claims_and_judges_none(run, tmp_path):
    path = with_file(tmp_path)
    assert run("prove", path, "--list").out == (
        f"{path}:3: twice (proved): rotate(rotate(X)) == X\n"
        f"{path}:7: once (refuted): rotate(X) == X\n"
    )
    everything = run("prove", "--list").out
    assert len(everything.splitlines()) >= 13
    assert "input-gradient (proved): dX ==" in everything


def test_show_proof_tells_the_whole_proof(run):
    done = run("prove", RIGHT, "--show-proof")
    assert done.status == 0
    assert "Let " in done.out
    assert "An element of the left side is the sum of " in done.out
    assert "Multiplicity: every summation index is determined" in done.out
    told = re.findall(r"^  (\S+ \d+): ", done.out, re.MULTILINE)
    assert f"{len(told)} obligations" in done.out
    assert len(told) == len(set(told)) > 20
    assert done.out.count("      ") >= len(told)
    assert "Let " not in run("prove", RIGHT).out


def test_a_proof_says_what_its_hypotheses_determine(run):
    done = run("prove", "dF == correlate(X, dilate(dY, (u, v)))", *DIVIDES, "--show-proof")
    assert "  Let H = q*u + R.\n  Let W = q2*v + S.\n" in done.out


def test_quiet_says_it_by_the_status(run, tmp_path):
    assert run("prove", RIGHT, "-q") == type(run("prove", RIGHT, "-q"))(0, "", "")
    assert run("prove", FORGOTTEN, "-q").status == 1
    target = tmp_path / "a.json"
    done = run("prove", "H == H", "-q", "-o", str(target))
    assert (done.status, done.out, done.err) == (0, "", "")
    assert json.loads(target.read_text())["claims"]


def test_color_always_paints_and_never_does_not(run):
    assert "\x1b[" in run("prove", "H == H", "--color", "always").out
    assert "\x1b[" not in run("prove", "H == H", "--color", "never").out
    assert "\x1b[" not in run("prove", "H == H").out


# What is written


def test_certificates_are_written_for_what_is_proved(run, tmp_path):
    target = tmp_path / "c.json"
    done = run("prove", with_file(tmp_path), "--certificate", str(target))
    assert done.status == 0
    data = json.loads(target.read_text())
    assert data["schema"] == "symconv.certificate/2"
    assert [claim["id"] for claim in data["claims"]] == ["twice"]


def test_several_typed_claims_share_a_certificate_file(run, tmp_path):
    target = str(tmp_path / "c.json")
    assert run("prove", "H == H", "W == W", "-q", "--certificate", target).status == 0
    done = run("recheck", target)
    assert done.status == 0
    assert re.findall(r"size  (\S+)", done.out) == ["inline", "inline-2"]


def test_two_proved_claims_with_one_id_get_no_certificate_file(run, tmp_path):
    paths = with_file(tmp_path), with_file(tmp_path, name="b.toml")
    done = run("prove", *paths, "-q", "--certificate", str(tmp_path / "c.json"))
    assert done.status == 2
    assert "two claims have the id twice; rename one" in done.err
    assert not (tmp_path / "c.json").exists()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["X == rotate(X)"], 1), (["H == H", "--sizes", "H=1..3"], 2)],
)
def test_no_certificate_is_written_where_nothing_is_proved_for_every_size(
    run, tmp_path, arguments, status
):
    target = tmp_path / "c.json"
    done = run("prove", *arguments, "--certificate", str(target))
    assert done.status == status
    assert done.out, "the verdict is told all the same"
    assert "not written: no claim was proved for every size" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.json", '{\n "schema": "symconv.proof/1"'),
        ("a.xml", "<?xml"),
        ("a.smt2", ";"),
        ("a.txt", "PROVED"),
        ("a", "PROVED"),
        ("A.JSON", "{"),
    ],
)
def test_the_format_follows_the_extension(run, tmp_path, name, begins):
    target = tmp_path / name
    done = run("prove", "rotate(rotate(X)) == X", "-o", str(target))
    assert (done.status, done.out) == (0, "")
    assert target.read_text().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_was_written_is_told_on_stderr(run, tmp_path):
    target = tmp_path / "a.xml"
    done = run("prove", "X == rotate(X)", "-o", str(target))
    assert done.status == 1
    assert done.err == (
        "1 claim: 0 proved, 1 refuted, 0 not judged; 1 not as expected:\n"
        f"  X == rotate(X)\nWrote {target}\n"
    )


def test_format_json_is_the_contract(run, tmp_path):
    data = json.loads(run("prove", with_file(tmp_path), "--format", "json").out)
    assert data["schema"] == "symconv.proof/1"
    assert [claim["verdict"] for claim in data["claims"]] == ["proved", "refuted"]


def test_format_junit_has_a_case_for_every_claim(run, tmp_path):
    root = ET.fromstring(run("prove", with_file(tmp_path), "--format", "junit").out)
    assert [case.get("name") for case in root.iter("testcase")] == ["twice", "once"]


def test_format_github_points_at_the_line_of_the_id(run, tmp_path):
    path = with_file(tmp_path, FILE.replace('expected = "refuted"', ""))
    done = run("prove", path, "--format", "github")
    assert done.status == 1
    assert f"::error title=symconv%3A once,file={path},line=7::" in done.out


def test_format_smtlib_asks_about_every_obligation_of_what_is_not_refuted(run, tmp_path):
    done = run("prove", RIGHT, "--format", "smtlib")
    assert (done.status, done.err) == (0, "")
    assert done.out.count("(push") == done.out.count("(pop") == done.out.count("(check-sat)") > 20
    assert done.out.count("(set-info :status unsat)") == done.out.count("(check-sat)")
    done = run("prove", with_file(tmp_path), "--format", "smtlib")
    assert done.status == 0
    assert "\n; claim once: REFUTED at H=2, W=1\n" in done.out
    done = run("prove", FORGOTTEN, "--format", "smtlib", "-o", str(tmp_path / "a.smt2"))
    assert done.status == 1
    assert "1 refuted" in done.err
    assert "(check-sat)" not in (tmp_path / "a.smt2").read_text()


def test_crosscheck_counts_what_z3_confirms(run, tmp_path, monkeypatch):
    from symconv.proof import crosscheck

    pytest.importorskip("z3")
    done = run("prove", "H//u//v == H//(u*v)", "--crosscheck")
    assert done.status == 0
    assert (
        "  3 obligations, each with a certificate; z3 confirms 3, does not decide 0; " in done.out
    )
    asked = crosscheck.opinion
    monkeypatch.setattr(
        crosscheck, "opinion",
        lambda obligation, seconds: (
            crosscheck.Opinion.UNKNOWN if obligation.name == "divisor 1"
            else asked(obligation, seconds)
        ),
    )  # fmt: skip
    done = run("prove", "H//u//v == H//(u*v)", "H//u == H//u", "--crosscheck")
    assert done.status == 0
    assert "; z3 confirms 2, does not decide 1; " in done.out
    assert (
        "2 claims: 2 proved, 0 refuted, 0 not judged; "
        "of 5 obligations z3 confirms 3, does not decide 2; all as expected\n"
    ) in done.out
    done = run("prove", "H//u == H//u", "H == H + 1", "--crosscheck", "--format", "json")
    told = [claim["crosscheck"] for claim in json.loads(done.out)["claims"]]
    assert told == [{"confirmed": 1, "undecided": 1}, None]
    assert "z3" not in run("prove", "H//u == H//u").out


# What is refused


BAD = [
    (["dX == conv(dY, F)"], "column 7: unknown operator conv; did you mean correlate?"),
    (["dX == correlat(dY, F)"], "did you mean correlate?"),
    (["dx == correlate(dY, F)"], "column 1: unknown tensor dx; did you mean dX?"),
    (["P == (h-R)//u + 1"], "column 7: unknown size h; did you mean H?"),
    (["dX == pad(dY, ((L-1, 0), (0, 0)))"], "unknown size L (known are H, W, R, S, u, v, P, Q)"),
    (["dX == pad(dY, ((K-1, 0), (0, 0)))"], "K is known for the convolution with gener"),
    (["dX == pad(dY, R-1)"], "R belongs to the height alone; say what holds on each axis"),
    (["dX == pad(dY, ((pt, pb), (pl, pr)))"], "pt is known for the convolution with general"),
    (["dX = Y"], "column 4: a claim has two equals signs: left == right"),
    (["dX"], "dX: No such file or directory"),
    (["dX =="], "column 5: invalid syntax"),
    (["dX == correlate(dY, F"], "column 16: '(' was never closed"),
    (["dX == Y == X"], "only sizes are in order: split this"),
    (["dX >= Y"], "only sizes are in order: split this"),
    (["H == Y"], "the left side is a size, the right side is a tensor"),
    (["dX == X*X"], "tensors are added, taken away, multiplied by a number, or combined by"),
    (["dX[m] == sum(dY[p] * F[m-p] for p in range(P))"], "the tensor has 2 axes"),
    (["dX == " + "(" * 500 + "Y" + ")" * 500], "too many nested parentheses"),
    (["dX == " + "-" * 5000 + "Y"], "nested"),
    (["dX == " + "Y" * 20_000], "characters"),
    (["__import__('os').system('id') == 1"], "this (Call) is no size"),
    (["dX == \x1b[31mY"], "column 7: the character U+001B is not used in formulas"),
    (["dX == Ý"], "column 7: the character"),
    (["H == 1\0"], "U+0000"),
    (["H == H", "--where", "H"], "where 'H': column 1: a hypothesis compares sizes"),
    (["H == H", "--where", "T > 1"], "unknown size T"),
    (["H == H", "--general", "pading"], "general is 'pading'; it is made of padding, dilation"),
    (["H == H", "--sizes", "H=4..x"], "sizes: 'H=4..x' is not of the form"),
    (["H == W", "--sizes", "R=4"], "sizes: no values for H, W"),
    (["H == H", "--sizes", "H=5..4"], "holds no value"),
    (["H == H", "--tensor", "G"], "--tensor 'G' is not of the form G=R2xS2"),
    (["H == H", "--integer", "k"], "--integer 'k' is not of the form k=0..3 or k>=0"),
    (["A == A", "--tensor", "A=n", "--tensor", "A=m"], "tensor A is declared twice; drop one"),
    (["k == k", "--integer", "k=1..2", "--integer", "k>=0"], "integer k is declared twice"),
    (["A == A", "--tensor", "A=Nx"], "a name that holds an x needs blanks around the x"),
    (["A == A", "--tensor", "A=2 x 0"], "an extent is 0; a tensor has at least 1 element"),
    (["G == G", "--tensor", "X=a x b"], "X cannot be declared"),
    (["H == H", "--integer", "k=lots"], "'lots' is no range"),
    (["--where", "H > 1"], "belong to a claim that is typed"),
    (["--sizes", "H=1"], "belong to a claim that is typed"),
    (["-k", "no-such-claim"], "-k no-such-claim: no such claim; --list names them"),
    (["H == H", "--timeout", "0"], "--timeout"),
    (["H == H", "--timeout", "soon"], "--timeout"),
    (["H == H", "--format", "pdf"], "--format"),
    (["H == H", "-o", "a.docx"], "the extension tells no format; use .json, .xml, .smt2, .txt"),
    (["H == H", "-o", "a.json", "--format", "junit"], "--format says junit"),
    (["H == H", "-o", "/no/such/folder/a.json"], "No such file or directory"),
    (["H == H", "--certificate", "/no/such/folder/c.json"], "No such file or directory"),
    (["no.toml"], "no.toml: No such file or directory"),
    (["H == H", "--bogus"], "--bogus"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[" ".join(a)[:40] for a, _ in BAD])
def test_bad_input_gets_one_line_and_status_2(run, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    done = run("prove", *arguments)
    assert done.status == 2
    assert "--certificate" in arguments or done.out == ""
    assert done.err.startswith("symconv: error: ")
    assert done.err.count("\n") == 1
    assert says in done.err
    assert done.err.isprintable() or done.err.rstrip("\n").isprintable()
    assert len(done.err) < 400
    assert list(tmp_path.iterdir()) == []


BAD_FILES = {
    "no TOML": ("[[claim]\n", "c.toml: no TOML: "),
    "empty": ("", "c.toml: no [[claim]] in this file"),
    "one bracket": ("[claim]\nid = 'a'\n", "claims stand under [[claim]], with two brackets"),
    "key": (FILE.replace("note", "notes"), "c.toml:7: claim once: unknown key notes; did you"),
    "no statement": ("[[claim]]\nid = 'a'\n", "c.toml:2: claim a: statement is missing"),
    "twice": (FILE.replace("once", "twice"), "c.toml:7: the id twice is used in line 3"),
    "formula": (FILE.replace("rotate(X) ==", "rotat(X) =="), "did you mean rotate?"),
    "verdict": (FILE.replace('"refuted"', '"false"'), "expected is 'false'; it is one of proved"),
    "bytes": (b"id = '\xff'", "byte 6 is not UTF-8"),
    "where": ("[[claim]]\nid = 'a'\nstatement = 'H == H'\nwhere = 'H > 1'\n", "has to be a list"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_named_with_its_line(run, tmp_path, monkeypatch, text, says):
    monkeypatch.chdir(tmp_path)
    Path("c.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run("prove", "c.toml")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("symconv: error: c.toml")
    assert done.err.count("\n") == 1
    assert says in done.err


def test_an_unreadable_file_or_an_empty_folder_is_an_error(run, tmp_path):
    assert "no claim files (*.toml)" in run("prove", str(tmp_path)).err
    (tmp_path / "a.toml").mkdir()
    assert run("prove", str(tmp_path / "a.toml")).status == 2
    if os.geteuid():  # root may read everything
        path = Path(with_file(tmp_path, name="b.toml"))
        path.chmod(0)
        assert "Permission denied" in run("prove", str(path)).err


NOT_JUDGED = [
    (["Y == correlate(X, X)"], "a product holds X twice"),
    (["dX == Y", "--where", "H < R"], "the hypotheses contradict what is assumed: there are no"),
    (["1 == 2", "--where", "1 == 2"], "the hypotheses contradict each other: there are no such"),
    (["1 == 1", "--where", "1 == 2"], "the hypotheses contradict each other: there are no such"),
    (["k == k", "--integer", "k=0..3", "--where", "k > 5"], "the hypotheses contradict each other"),
    (["H == H", "--where", "H * H == 2"], "no sizes were found that satisfy the hypotheses"),
    (["A == A", "--tensor", "A=H - H"], "contradict what is assumed"),
    (["dX == dX", "--where", "u > 3", "--where", "u < 2"], "the hypotheses contradict each other"),
    (["H // (u-1) == H // (u-1)"], "neither side has a meaning at H=1, u=1"),
    (["(H*H*H - H) % 6 == 0"], "no certificate for: "),
    ([RIGHT, "--timeout", "0.000001"], "the steps that a claim is given were used up"),
]


@pytest.mark.parametrize(("arguments", "reason"), NOT_JUDGED, ids=[a[-1] for a, _ in NOT_JUDGED])
def test_nothing_judged_is_not_a_pass(run, arguments, reason):
    done = run("prove", *arguments)
    assert done.status == 2
    assert done.out.startswith("NOT JUDGED\n")
    assert reason in done.out


def test_one_claim_not_judged_among_others_is_status_1(run):
    done = run("prove", "H == H", "Y == correlate(X, X)")
    assert done.status == 1
    assert "1 not judged" in done.out


def test_a_claim_expected_to_be_open_is_as_expected_beside_others(run, tmp_path):
    text = f"""{FILE}
[[claim]]
id = "open"
statement = "Y == correlate(X, X)"
expected = "not-judged"
"""
    assert run("prove", with_file(tmp_path, text)).status == 0
    assert run("prove", with_file(tmp_path, text), "-k", "open").status == 2


def test_claims_about_large_sizes_are_judged_in_time(run):
    done = run("prove", RIGHT, "--where", "H >= 300")
    assert done.status == 0


# What symconv itself gets wrong


ALIKE = [
    (["A == B", "--tensor", "A=2", "--tensor", "B=2"], "the right side gives B[0]"),
    (["A[i,j,k] == pad(A,0)[i,j,k-1]", "--tensor", "A=N1 x N2 x N3"], "end of axis 2: 0 becomes"),
    (["A == pad(A,1)", "--tensor", "A=N1 x N2 x N3 x N4"], "the right side 3x3x3x3"),
    (["A == pad(A,1)", "--tensor", "A=N1"], "the right side 3"),
    (["1 == 2"], "the left side is 1, the right side 2"),
]


@pytest.mark.parametrize(("arguments", "says"), ALIKE, ids=[a[0] for a, _ in ALIKE])
def test_claims_of_every_rank_are_refuted_and_mended(run, arguments, says):
    done = run("prove", *arguments)
    assert (done.status, done.err) == (1, "")
    assert says in done.out
    assert "note:" not in done.out


def test_an_internal_error_is_one_line_and_the_other_claims_are_judged(run, monkeypatch, tmp_path):
    from symconv.proof import prover

    honest = prover.refute

    def refute(claim, **how):
        if claim.id == "once":
            raise KeyError("H")
        return honest(claim, **how)

    monkeypatch.setattr(prover, "refute", refute)
    line = (
        "symconv: error: once: internal error: KeyError: 'H'; please report this "
        "(SYMCONV_DEBUG=1 shows where)\n"
    )
    monkeypatch.delenv("SYMCONV_DEBUG", raising=False)
    done = run("prove", with_file(tmp_path))
    assert (done.status, done.err) == (2, line)
    assert "PROVED for every size  twice\n" in done.out
    assert "1 proved, 0 refuted, 1 not judged" in done.out
    monkeypatch.setenv("SYMCONV_DEBUG", "1")
    done = run("prove", with_file(tmp_path))
    assert done.status == 2
    assert done.err.startswith("Traceback")
    assert 'raise KeyError("H")' in done.err
    assert done.err.endswith(line)


def test_a_note_stands_under_the_verdict(run, monkeypatch):
    from symconv.errors import TooLargeError
    from symconv.proof import prover

    def fail(*_, **__):
        raise TooLargeError("a tensor of 10 TB")

    monkeypatch.setattr(prover, "repair", fail)
    done = run("prove", FORGOTTEN)
    assert (done.status, done.err) == (1, "")
    assert done.out.endswith("  note: no repair: a tensor of 10 TB\n")
    data = json.loads(run("prove", FORGOTTEN, "--format", "json").out)
    assert data["claims"][0]["notes"] == ["no repair: a tensor of 10 TB"]


@pytest.mark.parametrize("debug", [None, "0", "", "1"])
def test_an_error_anywhere_is_one_line(run, monkeypatch, debug):
    from symconv.commands import prove

    def fail(*_):
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(prove, "_entries", fail)
    if debug is None:
        monkeypatch.delenv("SYMCONV_DEBUG", raising=False)
    else:
        monkeypatch.setenv("SYMCONV_DEBUG", debug)
    done = run("prove", "H == H")
    assert (done.status, done.out) == (2, "")
    traceback, _, line = done.err.rpartition("symconv: error: ")
    assert line.startswith("internal error: ZeroDivisionError: by zero; please report this")
    assert traceback.startswith("Traceback") == (debug == "1")


# z3


def solver():
    try:
        import z3  # noqa: F401
    except ImportError:
        missing("z3 is not installed: pip install '.[smt]'")


def test_crosscheck_asks_z3_as_well(run):
    solver()
    done = run("prove", "-k", "output-size", "--crosscheck")
    assert done.status == 0
    assert "each with a certificate; z3 confirms 14, does not decide 0; " in done.out


def test_z3_may_settle_what_has_no_certificate_and_it_is_said_so(run, monkeypatch, tmp_path):
    solver()
    from symconv.proof.search import CertificateSearch

    monkeypatch.setattr(CertificateSearch, "certificate", lambda *_: None)
    assert run("prove", "rotate(rotate(X)) == X").status == 2
    target = str(tmp_path / "c.json")
    done = run("prove", "rotate(rotate(X)) == X", "--crosscheck", "--certificate", target)
    assert "  8 obligations, 8 by z3 alone, no certificate; z3 confirms 8, " in done.out
    assert "not written" in done.err
    assert run("prove", "rotate(X) == X", "--crosscheck").status == 1


def test_a_disagreement_with_z3_is_an_error(run, monkeypatch):
    solver()
    from symconv.proof import crosscheck

    monkeypatch.setattr(crosscheck, "opinion", lambda *_: crosscheck.Opinion.FAILS)
    done = run("prove", "rotate(rotate(X)) == X", "--crosscheck")
    assert done.status == 2
    assert "z3" in done.err


def test_crosscheck_without_z3_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    done = run("prove", "rotate(rotate(X)) == X", "--crosscheck")
    assert (done.status, done.out) == (2, "")
    assert "in a checkout of symconv run: pip install '.[smt]'" in done.err


# Terminals and pipes


def bare(text):
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


@pytest.mark.parametrize("expected", ["proved", "refuted"])
def test_a_typed_claim_may_be_expected_to_fail(run, expected):
    done = run("prove", "rotate(F) == F", "--expected", expected)
    assert done.status == (0 if expected == "refuted" else 1)
    assert "not as expected" not in done.out
    done = run("prove", "rotate(rotate(F)) == F", "--expected", expected)
    assert done.status == (1 if expected == "refuted" else 0)
    assert ("--expected says refuted" in done.out) == (expected == "refuted")
    (claim,) = json.loads(run("prove", "H == H", "--expected", expected, "--format", "json").out)[
        "claims"
    ]
    assert claim["expected"] == expected


def test_expectations_belong_to_typed_claims(run):
    assert "--expected belong to a claim that is typed" in run("prove", "--expected", "proved").err


def test_quick_work_shows_no_progress_bar():
    text, status = on_a_terminal(80, "prove", "H == H", "W == W", LC_ALL="C.UTF-8")
    assert status == 0
    assert bare(text).startswith("PROVED for every size")


@pytest.mark.parametrize("columns", [80, 200])
def test_lines_fit_the_terminal_and_nothing_is_lost(run, columns):
    arguments = ("prove", FORGOTTEN, "--show-proof")
    text, status = on_a_terminal(columns, *arguments, LC_ALL="C.UTF-8")
    assert status == 1
    assert re.search(r"\x1b\[1;38;5;\d+mREFUTED", text)
    lines = bare(text).splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert max(map(cell_len, lines)) > 60
    assert " ".join(bare(text).split()) == " ".join(run(*arguments).out.split())


def test_a_pipe_gets_complete_lines_without_colours():
    done = subprocess.run(
        command("prove", FORGOTTEN), env=environment(COLUMNS="40", LC_ALL="C.UTF-8"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b" not in done.stdout
    assert f"  {FORGOTTEN}\n" in done.stdout


def test_help_names_every_option(run):
    text = run("prove", "-h").out
    for option in (
        "--where", "--general", "--sizes", "--tensor", "--integer", "-k", "--list", "--show-proof",
        "--certificate", "--crosscheck", "--timeout", "--format", "-o, --output", "--color",
        "-q, --quiet",
    ):  # fmt: skip
        assert option in text
    assert "bad usage or nothing judged" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100


def test_prove_can_be_asserted_in_python():
    from symconv import prove

    prove(RIGHT).assert_proved()
    with pytest.raises(AssertionError, match="refuted at H=2, W=1"):
        prove(FORGOTTEN).assert_proved()
