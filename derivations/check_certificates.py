"""Check the algebra of certificates with Python's own library alone: nothing of symconv is used.

    python3 derivations/check_certificates.py [FILE...]         # without FILE, all that are shipped

An obligation says that its goal is >= 0 wherever its hypotheses are >= 0 and its equations are 0.
Were it not, then -goal - 1 >= 0 somewhere, "denial".  A sum of products of what is >= 0, times
positive numbers, and of what is 0, times anything, is >= 0 there; but this one comes to -1.  That
the obligations are what the claim demands is not checked here: `symconv recheck` does that.
"""

import json
import re
import sys
from fractions import Fraction
from pathlib import Path

SHIPPED = (
    "derivations/certificates.json",
    "symconv/proof/closed_forms.json",
    "symconv/proof/layers.json",
)
PRODUCT = r"(?:\d+|[^\W\d]\w*)(?:\*(?:\d+|[^\W\d]\w*))*"


def polynomial(text):
    """Return a text such as ``-2*R*u + H - 1`` as {sorted names: coefficient}."""
    demand(re.fullmatch(rf"-?{PRODUCT}(?: [+-] {PRODUCT})*", text), f"{text!r} is no polynomial")
    total = {}
    for sign, product in re.findall(rf"([+-]?) ?({PRODUCT})", text):
        term = {(): Fraction(1)}
        for factor in product.split("*"):
            known = factor[0].isdigit()
            term = times(term, {(): Fraction(factor)} if known else {(factor,): Fraction(1)})
        total = plus(total, term, -1 if sign == "-" else 1)
    return total


def plus(left, right, factor):
    """Return left + factor * right, without the terms that cancel."""
    total = {
        names: left.get(names, 0) + factor * right.get(names, 0) for names in {**left, **right}
    }
    return {names: value for names, value in total.items() if value}


def times(left, right):
    """Return left * right."""
    total = {}
    for names, value in left.items():
        total = plus(total, {tuple(sorted(names + more)): x for more, x in right.items()}, value)
    return total


def follows(goal, multipliers, positive, zero):
    """Check that a combination of what is known, and of the goal's denial, is -1."""
    total, denial = {}, plus({(): Fraction(-1)}, goal, -1)
    for entry in multipliers:
        multiplier, term = Fraction(entry["times"]), {(): Fraction(1)}
        if "of" in entry:
            demand(multiplier > 0, "a multiplier of what is >= 0 is not positive")
            for place in entry["of"]:
                term = times(term, denial if place == "denial" else at(positive, place))
        else:
            term = times(at(zero, entry["equation"]), polynomial(entry["by"]))
        total = plus(total, term, multiplier)
    demand(total == {(): -1}, "the combination is not -1")


def check(obligation):
    """Check that one obligation follows from its hypotheses and equations."""
    positive = [polynomial(text) for _, text in obligation["hypotheses"]]
    zero = [polynomial(text) for _, text in obligation["equations"]]
    goal = polynomial(obligation["goal"])
    if obligation["relation"] == "= 0":
        demand(not goal, "the two sides differ")
        return
    demand(obligation["relation"] == ">= 0", "the relation is unknown")
    for lemma in obligation["lemmas"]:
        proved = polynomial(lemma["goal"])
        follows(proved, lemma["multipliers"], positive, zero)
        positive.append(proved)
    follows(goal, obligation["multipliers"], positive, zero)


def at(known, place):
    """Return what a place, counted from 0, refers to."""
    demand(type(place) is int and 0 <= place < len(known), f"{place!r} is no place")
    return known[place]


def demand(truth, otherwise):
    """Raise a ValueError that says what is wrong, unless it is so (an assert can be turned off)."""
    if not truth:
        raise ValueError(otherwise)


def main(files):
    """Check all files and return the exit status: 0 all hold, 1 one does not."""
    for file in files:
        where, checked = [file], 0
        try:
            data = json.loads(Path(file).read_text(encoding="utf-8"))
            demand(data["schema"] == "symconv.certificate/2", "the schema is unknown")
            demand(data["claims"], "there is no claim")
            for claim in data["claims"]:
                demand(claim["cases"], "there is no case")
                for case in claim["cases"]:
                    demand(case["obligations"], "there is no obligation")
                    for obligation in case["obligations"]:
                        where = [file, claim["id"], obligation["name"]]
                        check(obligation)
                        checked += 1
        except (OSError, ValueError, ArithmeticError, LookupError, TypeError) as error:
            print(": ".join(map(ascii, where)), f": {error!r}", file=sys.stderr)
            return 1
        print(f"{file}: {len(data['claims'])} claims, {checked} obligations: all follow")
    return 0


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    sys.exit(main(sys.argv[1:] or [str(root / name) for name in SHIPPED]))
