"""`symconv recheck`: accepts what `symconv prove` wrote, and nothing that was changed since."""

from __future__ import annotations

import copy
import io
import json
import re
import sys
from pathlib import Path

import pytest
from processes import on_a_terminal

ROOT = Path(__file__).parents[2]

CLAIM = "dX == correlate(pad(dilate(dY, (u, v)), (R-1, S-1)), rotate(F))"
DIVIDES = ("--where", "(H - R) % u == 0", "--where", "(W - S) % v == 0")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the certificate of the lecture's dX, as JSON data."""
    from symconv.__main__ import main

    target = tmp_path_factory.mktemp("certificate") / "c.json"
    assert main(["prove", CLAIM, *DIVIDES, "-q", "--certificate", str(target)]) == 0
    return json.loads(target.read_text())


def written(folder, data, name="c.json"):
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return str(path)


def test_what_prove_wrote_is_accepted(run, tmp_path, certificate):
    obligations = len(certificate["claims"][0]["cases"][0]["obligations"])
    done = run("recheck", written(tmp_path, certificate))
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "PROVED for every size  inline",
        f"  {CLAIM}",
        "  where (H - R) % u == 0",
        "  where (W - S) % v == 0",
        "  where the filter fits: H >= R, W >= S",
        "  where sizes are positive: H, W, R, S, u, v >= 1",
        f"  {obligations} obligations hold; there are such sizes: H=1, W=1, R=1, S=1, u=1, v=1",
    ]
    assert obligations > 20


def test_all_that_a_claim_speaks_of_is_told(run, tmp_path):
    claim = "crop(pad(G, ((k, a), (l, b))), ((k, a), (l, b))) == G"
    declared = ("--tensor", "G=R2 x 4", "--integer", "k=0..3", "--integer", "l=>= 2")
    more = ("--integer", "a=any", "--integer", "b=any", "--where", "a == 0 and b == 0")
    target = str(tmp_path / "c.json")
    assert run("prove", claim, *declared, *more, "-q", "--certificate", target).status == 0
    done = run("recheck", target)
    assert done.status == 0
    for line in (
        claim, "with G = R2 x 4", "with k = 0..3", "with l >= 2", "with any integer a",
        "where a == 0 and b == 0",
    ):  # fmt: skip
        assert f"  {line}\n" in done.out
    assert "; there are such sizes: k=0, l=2, a=0, b=0, R2=1\n" in done.out
    claim = "Y == correlate(pad(X, ((pt, pb), (pl, pr))), F, stride=(u, v))"
    done = run("prove", claim, "--general", "padding", "-q", "--certificate", target)
    assert "  Y with padding\n" in run("recheck", target).out


def test_numbers_alone_need_no_sizes(run, tmp_path):
    target = str(tmp_path / "c.json")
    assert run("prove", "2 * 3 == 6", "-q", "--certificate", target).status == 0
    assert run("recheck", target).out.endswith("  1 obligation holds\n")


def test_a_terminal_shows_no_line_cut_short(tmp_path, certificate):
    path = written(tmp_path, certificate)
    shown, status = on_a_terminal(80, "recheck", path)
    assert status == 0
    lines = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(" ".join(lines).split()).startswith(
        f"PROVED for every size inline {CLAIM} where"
    )


def test_quiet_names_only_what_does_not_hold(run, tmp_path, certificate):
    assert run("recheck", "-q", written(tmp_path, certificate)).out == ""
    tampered = copy.deepcopy(certificate)
    tampered["claims"][0]["where"] = []
    done = run("recheck", "-q", written(tmp_path, tampered))
    assert done.status == 1
    assert done.out.startswith("REJECTED ")


def test_standard_input_is_read(run, certificate, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(certificate)))
    assert run("recheck", "-").status == 0


def false_statement(claim):
    claim["statement"] = claim["statement"].replace("rotate(F)", "F")


def no_hypotheses(claim):
    claim["where"] = []


def no_obligation(claim):
    del claim["cases"][0]["obligations"][-1]


def no_case(claim):
    claim["cases"] = []


def other_general(claim):
    claim["general"] = ["padding"]


def other_goal(claim):
    claim["cases"][0]["obligations"][0]["goal"] += " + 1"


def other_multiplier(claim):
    told = claim["cases"][0]["obligations"]
    obligation = next(each for each in told if each["multipliers"])
    obligation["multipliers"][0]["times"] = "2"


def no_witness(claim):
    del claim["witness"]


def other_witness(claim):
    claim["witness"]["H"] += 1


def witness_that_breaks_a_hypothesis(claim):
    claim["witness"] |= {"H": 2, "u": 2}


def no_statement(claim):
    del claim["statement"]


def statement_that_is_none(claim):
    claim["statement"] = "dX == ("


def an_escape_in_the_id(claim):
    claim["id"] = "good\x1b[2K"


def a_line_break_in_a_hypothesis(claim):
    claim["where"][0] += "\n"


def half_a_letter(claim):
    claim["id"] = "\ud800"


def hypothesis_out_of_nowhere(claim):
    obligation = claim["cases"][0]["obligations"][0]
    obligation["hypotheses"].append(["H >= 9", "H - 9"])


TAMPERING = [
    false_statement, no_hypotheses, no_obligation, no_case, other_general, other_goal,
    other_multiplier, hypothesis_out_of_nowhere, no_witness, other_witness,
    witness_that_breaks_a_hypothesis, no_statement, statement_that_is_none, an_escape_in_the_id,
    a_line_break_in_a_hypothesis, half_a_letter,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_a_certificate_that_was_changed_is_rejected(run, tmp_path, certificate, tamper):
    tampered = copy.deepcopy(certificate)
    tamper(tampered["claims"][0])
    assert tampered != certificate
    path = written(tmp_path, tampered)
    done = run("recheck", path)
    assert (done.status, done.err) == (1, "")
    name = "claim 1" if tampered["claims"][0]["id"] != "inline" else "inline"
    assert done.out.startswith(f"REJECTED {path}: {name}: ")
    assert done.out.count("\n") == 1
    assert done.out.rstrip("\n").isprintable()


def test_one_bad_claim_among_good_ones_is_counted(run, tmp_path, certificate):
    good, bad = copy.deepcopy(certificate["claims"][0]), copy.deepcopy(certificate["claims"][0])
    good["id"], bad["id"] = "good", "bad"
    no_obligation(bad)
    done = run("recheck", written(tmp_path, {**certificate, "claims": [bad, good]}))
    assert done.status == 1
    assert "PROVED for every size  good\n" in done.out
    assert done.out.endswith("2 claims: 1 holds, 1 rejected\n")


UNREADABLE = {
    "empty": ("", "the certificate is no JSON"),
    "text": ("PROVED for every size", "the certificate is no JSON"),
    "deep": ("[" * 100_000, "the certificate is no JSON"),
    "former": (
        '{"schema": "symconv.certificate/1", "claims": []}',
        "write the file anew: symconv prove CLAIMS --certificate FILE",
    ),
    "schema": ('{"schema": "symconv.certificate/3", "claims": []}', "it must be"),
    "proof": ('{"schema": "symconv.proof/1", "claims": []}', "it must be 'symconv.certificate/2'"),
    "nothing": ('{"schema": "symconv.certificate/2", "claims": []}', "at least one claim"),
    "unknown field": ('{"schema": "symconv.certificate/2", "claims": [], "more": 1}', "more"),
    "control": ('{"schema": "\x1b[2K\x07", "claims": []}', "no JSON"),
    "escape": ('{"schema": "\\u001b[2K\\ud800", "claims": []}', "it must be"),
    "surrogate": ('{"schema": "symconv.certificate/2", "claims": [], "\\ud800": 1}', "unknown"),
}


@pytest.mark.parametrize(("text", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_certificate_is_one_line_and_status_2(run, tmp_path, text, says):
    path = written(tmp_path, text)
    done = run("recheck", path)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"symconv: error: {path}: ")
    assert done.err.count("\n") == 1
    assert done.err.rstrip("\n").isprintable()
    assert says in done.err


def test_a_file_that_cannot_be_read_is_status_2(run, tmp_path):
    done = run("recheck", str(tmp_path / "none.json"))
    assert done.status == 2
    assert "No such file or directory" in done.err
    assert run("recheck", str(tmp_path)).status == 2
    path = tmp_path / "bytes.json"
    path.write_bytes(b"\xff")
    assert "not UTF-8" in run("recheck", str(path)).err
    assert run("recheck").status == 2


def test_the_certificates_of_the_derivations_hold_and_cover_every_proved_claim(run):
    from symconv.claims.catalogue import load

    done = run("recheck", str(ROOT / "derivations" / "certificates.json"))
    assert done.status == 0
    kept = set(re.findall(r"^PROVED for every size  (\S+)$", done.out, re.MULTILINE))
    expected = {
        entry.stated.id
        for entry in load([ROOT / "derivations" / "claims"])
        if entry.claim.expected.value == "proved" and entry.claim.sizes is None
    }
    assert kept == expected
    assert len(kept) >= 30
