"""Figures in plain text: what is one, what it says, and what is none."""

import tomllib
from decimal import Decimal
from importlib import resources
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsetl.extractors.figures import lexicon, masks
from newsetl.extractors.figures.figure import BOUNDS as BOUND_SIGNS
from newsetl.extractors.figures.figure import KINDS
from newsetl.extractors.figures.grammar import find
from newsetl.extractors.figures.lexer import lex, parse_digits

VALUES = {
    "symbol and scale": (
        "The state borrowed £278 billion.",
        "£278 billion",
        278_000_000_000,
        "GBP",
    ),
    "symbol and letters": ("The state borrowed £278bn.", "£278bn", 278_000_000_000, "GBP"),
    "line break": ("It borrowed £278\nbillion.", "£278\nbillion", 278_000_000_000, "GBP"),
    "no-break space": ("It borrowed £278\u00a0billion.", "£278\u00a0billion", 278e9, "GBP"),
    "thin space": ("It borrowed £278\u2009bn.", "£278\u2009bn", 278e9, "GBP"),
    "currency name": ("It owes 278 billion pounds.", "278 billion pounds", 278e9, "GBP"),
    "hyphenated scale": ("A $25-million school opens.", "$25-million", 25e6, "USD"),
    "pence": ("The stamp went up by 17p.", "17p", 0.17, "GBP"),
    "pence in words": ("It pays 4.5 pence.", "4.5 pence", 0.045, "GBP"),
    "code apart": ("The bank found GBP 12m.", "GBP 12m", 12e6, "GBP"),
    "code glued": ("The chemist earned CHF8.7bn.", "CHF8.7bn", 8.7e9, "CHF"),
    "code after": ("He sold 40 BTC.", "40 BTC", 40, "BTC"),
    "code after of": ("It has debts of CHF 3m.", "CHF 3m", 3e6, "CHF"),
    "krona prefix": ("The mill took SKr6.3bn.", "SKr6.3bn", 6.3e9, "SEK"),
    "rand prefix": ("The grid needs R90bn.", "R90bn", 90e9, "ZAR"),
    "lakh crore": ("Roads get ₹2.4 lakh crore.", "₹2.4 lakh crore", 2.4e12, "INR"),
    "Indian groups": ("He paid Rs 1,97,000.", "Rs 1,97,000", 197_000, "INR"),
    "Hong Kong dollar": ("It fetched HK$9bn.", "HK$9bn", 9e9, "HKD"),
    "cedi sign": ("The bag fetched GH₵ 3,100.", "GH₵ 3,100", 3100, "GHS"),
    "cedi sign of typewriters": ("The bag fetched GH¢3,100.", "GH¢3,100", 3100, "GHS"),
    "Egyptian pounds": ("The bank sold LE 40bn of bills.", "LE 40bn", 40e9, "EGP"),
    "Turkish lira prefix": ("It lost TL 350 million.", "TL 350 million", 350e6, "TRY"),
    "franc with a point": ("It made Fr. 2.3 billion.", "Fr. 2.3 billion", 2.3e9, "CHF"),
    "CFA francs": ("The road cost FCFA 500m.", "FCFA 500m", 500e6, "XOF"),
    "taka prefix": ("It owes Tk 500 crore.", "Tk 500 crore", 5e9, "BDT"),
    "pula": ("It paid 640 million pula.", "640 million pula", 640e6, "BWP"),
    "Moroccan dirhams": ("Morocco owes 420 billion dirhams.", "420 billion dirhams", 420e9, "MAD"),
    "dirhams": ("It owes 420 billion dirhams.", "420 billion dirhams", 420e9, "AED"),
    "code behind a pronoun": ("The Mexican one lost MXN 430m.", "MXN 430m", 430e6, "MXN"),
    "won after the number": ("Profit was 7.2tn won.", "7.2tn won", 7.2e12, "KRW"),
    "half a billion": ("It cost half a billion dollars.", "half a billion dollars", 5e8, "USD"),
    "accounting brackets": ("The result was ($4.7m).", "($4.7m)", -4.7e6, "USD"),
    "continental style": ("It costs 1.234,50 euros.", "1.234,50 euros", 1234.5, "EUR"),
    "percent": ("Some 4.5 per cent left.", "4.5 per cent", 4.5, "percent"),
    "pc": ("It reached 73pc.", "73pc", 73, "percent"),
    "percentage points": (
        "up 0.4 percentage points",
        "0.4 percentage points",
        0.4,
        "percentage-point",
    ),
    "basis points": ("A rise of 35bps came.", "35bps", 35, "basis-point"),
    "bits a second": ("The modem sends 2400 bps.", "2400 bps", 2400, "bit-per-second"),
    "hyphenated one in": ("It is a one-in-five risk.", "one-in-five", 0.2, "ratio"),
    "one in five": ("One in five trees is ill.", "One in five", 0.2, "ratio"),
    "out of": ("Nine out of 10 cats agree.", "Nine out of 10", 0.9, "ratio"),
    "per thousand": ("Say 8.5 per 1,000 births.", "8.5 per 1,000", 0.0085, "ratio"),
    "a third": ("Nearly a third of lambs died.", "a third", 1 / 3, "ratio"),
    "two-thirds": ("Two-thirds of farms flooded.", "Two-thirds", 2 / 3, "ratio"),
    "fraction of an inch": ("Use 5/8 inch bolts.", "5/8 inch", 0.625, "inch"),
    "vulgar fraction": ("It takes 1½ hours.", "1½ hours", 1.5, "hour"),
    "mixed in words": ("It takes two-and-a-half hours.", "two-and-a-half hours", 2.5, "hour"),
    "half an hour": ("It takes half an hour.", "half an hour", 0.5, "hour"),
    "minus": ("The tarn sank to minus 9C at dawn.", "minus 9C", -9, "celsius"),
    "degrees by country": ("Highs of 30 degrees are due.", "30 degrees", 30, "celsius"),
    "pounds and ounces": ("The cat weighed 9lb 6oz.", "9lb 6oz", 9.375, "pound"),
    "feet and inches": ("The vet stands 5ft 9in.", "5ft 9in", 69, "inch"),
    "metres": ("A moat 35m wide was dug.", "35m wide", 35, "meter"),
    "area": ("A barn of 300 sq m burned.", "300 sq m", 300, "square-meter"),
    "power": ("A 2.6GW cable is laid.", "2.6GW", 2.6, "gigawatt"),
    "data": ("It holds 64GB.", "64GB", 64, "gigabyte"),
    "speed": ("Gusts hit 90mph.", "90mph", 90, "mile-per-hour"),
    "tonnes in millions": ("It shipped 6.8m tonnes.", "6.8m tonnes", 6.8e6, "metric-ton"),
    "half a million": ("Half a million bees swarmed.", "Half a million", 500_000, "count"),
    "words": ("Six hundred and forty geese landed.", "Six hundred and forty", 640, "count"),
    "dozen": ("A dozen bakers struck.", "A dozen", 12, "count"),
    "spaced groups": ("It lists 41 307 925 plots.", "41 307 925", 41_307_925, "count"),
    "million people": ("About 250m people tuned in.", "250m", 250e6, "count"),
    "threefold": ("Bills rose threefold.", "threefold", 3, "times"),
    "ten-fold": ("A ten-fold rise followed.", "ten-fold", 10, "times"),
    "multiple": ("It trades at 18x earnings.", "18x", 18, "times"),
    "doubled": ("The herd has doubled.", "doubled", 2, "times"),
    "age": ("A 29-year-old baker won.", "29-year-old", 29, "year"),
    "age after a name": ("Ada Finch, 52, won.", "52", 52, "year"),
    "age with aged": ("A man aged 41 won.", "41", 41, "year"),
    "duration": ("The three-day fair ends.", "three-day", 3, "day"),
    "halved": ("The herd has halved.", "halved", 0.5, "times"),
    "grain price": ("Oats cost $4.61½ a bushel.", "$4.61½ a bushel", 4.615, "USD"),
    "feet and inches in marks": ("He stands 5' 8\" tall.", "5' 8\"", 68, "inch"),
    "age of": ("A boy of 11 won.", "11", 11, "year"),
    "age is": ("Ada, who is 31, won.", "31", 31, "year"),
    "age group": ("Children under five rode free.", "five", 5, "year"),
    "times earnings": ("It costs nine times average earnings.", "nine times", 9, "times"),
    "headline": ("Sheriff Arrests Three Bakers After Raid", "Three", 3, "count"),
    "index points": ("The FTSE lost 38.5 points.", "38.5 points", 38.5, "point"),
    "hyphened feet": ("The 5-foot-11 back ran.", "5-foot-11", 71, "inch"),
    "hyphened pounds": ("The 210-pound back ran.", "210-pound", 210, "pound"),
    "a charge": ("He got a 210-pound fine.", "210-pound", 210, "GBP"),
    "eighths": ("It rose 3-1/4 cents.", "3-1/4 cents", 0.0325, "USD"),
    "mercury": ("It fell by 8mmHg.", "8mmHg", 8, "millimeter-ofhg"),
    "plus or minus": (
        "It is off by plus or minus 3.1 points.",
        "3.1 points",
        3.1,
        "point",
    ),
    "compared": ("It fell, compared with 41 in May.", "41", 41, "count"),
    "a fifth fewer": ("It drew a fifth fewer than then.", "a fifth", 0.2, "ratio"),
    "age at": ("At 17, she left.", "17", 17, "year"),
    "noughts after a space": ("It cost 10 000 dollars.", "10 000 dollars", 10_000, "USD"),
    "a sign after a space": ("It cost 15 € a head.", "15 € a head", 15, "EUR"),
    "dropped": ("She dropped 25 pounds.", "25 pounds", 25, "pound"),
    "frames": ("It shot at 60 fps.", "60 fps", 60, "frame-per-second"),
    "payload": ("Its payload is 6,900 pounds.", "6,900 pounds", 6_900, "pound"),
    "glued feet": ("He is 6ft2in tall.", "6ft2in", 74, "inch"),
    "years and months": (
        "He got two years and nine months.",
        "two years and nine months",
        33,
        "month",
    ),
    "half hour": ("In the first half hour he ran.", "half hour", 0.5, "hour"),
    "quarter-point": ("It made a quarter-point cut.", "a quarter-point", 0.25, "percentage-point"),
    "half a point of a score": ("She won by half a point.", "half a point", 0.5, "point"),
    "barrels a day": ("It pumps 2.4 million bpd.", "2.4 million bpd", 2.4e6, "barrel"),
    "billion cubic metres": ("It holds 11 bcm.", "11 bcm", 11e9, "cubic-meter"),
    "one noun in": ("One farm in six flooded.", "One farm in six", 1 / 6, "ratio"),
    "age in brackets": ("Ada Finch (36), from Calder, won.", "36", 36, "year"),
    "age of whom a pronoun names": ("She's 22 and quick.", "22", 22, "year"),
    "age of a woman": ("A woman, 25, was hurt.", "25", 25, "year"),
    "killed": ("The blast killed 14.", "14", 14, "count"),
    "the men's race": ("She won the women's 800m.", "800m", 800, "meter"),
    "the long race": ("She won the 10,000m.", "10,000m", 10_000, "meter"),
    "both of an age": ("The twins, both 29, won.", "29", 29, "year"),
    "soil": ("He dug 1,300 cubic yards of soil.", "1,300 cubic yards", 1300, "cubic-yard"),
    "age at death": ("The painter died at 88.", "88", 88, "year"),
    "age at school's end": ("She left school at 15 and sailed.", "15", 15, "year"),
    "age of who speaks": ("So said Ada Finch, 52. All left.", "52", 52, "year"),
    "passengers": ("Passengers over 12 pay.", "12", 12, "year"),
    "could treble": ("The herd could treble.", "treble", 3, "times"),
    "to double": ("It plans to double output.", "double", 2, "times"),
    "triple the": ("It is triple the usual fee.", "triple", 3, "times"),
}


@pytest.mark.parametrize(("text", "span", "value", "unit"), VALUES.values(), ids=VALUES)
def test_a_figure_has_value_and_unit_and_exact_span(text, span, value, unit):
    [found] = find(text, country="GB" if "degrees" in text else None)
    assert (text[found.start : found.end], found.unit) == (span, unit)
    assert float(found.value) == pytest.approx(value)


RANGES = {
    "suspended hyphen": ("It is for 16- to 24-year-olds.", "16- to 24-year-olds", 16, 24, "year"),
    "suspended hyphen of weeks": ("An 8- to 12-week wait.", "8- to 12-week", 8, 12, "week"),
    "below nought": (
        "It was minus 5 to minus 10 degrees overnight.",
        "minus 5 to minus 10 degrees",
        -10,
        -5,
        "celsius",
    ),
    "to": ("Expect 30C to 35C.", "30C to 35C", 30, 35, "celsius"),
    "dash": ("It costs £2m-£3m.", "£2m-£3m", 2e6, 3e6, "GBP"),
    "shared scale": ("It costs £2-3m.", "£2-3m", 2e6, 3e6, "GBP"),
    "between": ("It costs between £4bn and £7bn.", "between £4bn and £7bn", 4e9, 7e9, "GBP"),
    "shared unit": ("It takes nine to eleven weeks.", "nine to eleven weeks", 9, 11, "week"),
    "shared word scale": (
        "Some seven to nine thousand people came.",
        "seven to nine thousand",
        7e3,
        9e3,
        "count",
    ),
    "ranging": ("Fines ranged from $200 to $900 are due.", "$200 to $900", 200, 900, "USD"),
    "thousands": ("Thousands of bees left.", "Thousands", 1000, 10_000, "count"),
    "dozens": ("It sold dozens of pies.", "dozens", 12, 120, "count"),
    "up to": (
        "Plots go from 30 hectares up to 75 hectares.",
        "30 hectares up to 75 hectares",
        30,
        75,
        "hectare",
    ),
    "tens of millions": (
        "It lost tens of millions of euros.",
        "tens of millions of euros",
        1e7,
        1e8,
        "EUR",
    ),
}


@pytest.mark.parametrize(("text", "span", "low", "high", "unit"), RANGES.values(), ids=RANGES)
def test_a_range_is_one_figure_with_two_ends(text, span, low, high, unit):
    [found] = find(text)
    assert (found.value, found.bound) == (None, "range")
    assert (float(found.low), float(found.high), found.unit) == (low, high, unit)
    assert text[found.start : found.end] == span


PAIRS = {
    "from to": ("Occupancy fell from 9.1% to 8.6%.", [("from", 9.1, "down"), ("to", 8.6, "down")]),
    "by to": ("Milk rose 7p to 139p.", [(None, 0.07, "up"), ("to", 1.39, "up")]),
    "to from": ("Sales grew to £5m from £4m.", [("to", 5e6, "up"), ("from", 4e6, "up")]),
    "down from": ("It was 54%, down from 71%.", [(None, 54, None), ("from", 71, "down")]),
    "around a time": (
        "It rose to 4% in the three months to May from 3%.",
        [("to", 4, "up"), (None, 3, None), ("from", 3, "up")],
    ),
    "around the same again": (
        "Debt fell to £5m, or 2.1 times sales, from £6m.",
        [("to", 5e6, "down"), (None, 2.1, "down"), ("from", 6e6, "down")],
    ),
    "behind a step and its time": (
        "Thefts fell 7% last year, from 620 to 577.",
        [(None, 7, "down"), ("from", 620, "down"), ("to", 577, "down")],
    ),
    "behind the step": (
        "Thefts fell 7%, from 620 to 577.",
        [(None, 7, "down"), ("from", 620, "down"), ("to", 577, "down")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), PAIRS.values(), ids=PAIRS)
def test_the_ends_of_a_change_are_two_figures(text, expected):
    got = [(one.role, float(one.value), one.change) for one in find(text)]
    assert got == expected


@pytest.mark.parametrize("text", ["It fell from 9.1% to 8.6%.", "It grew to £5m from £4m."])
def test_a_from_to_pair_shares_its_group(text):
    first, second = find(text)
    assert first.group == second.group is not None


BOUNDS = {
    "about": ("about 90 cows", "~"),
    "some": ("Some 90 cows", "~"),
    "nearly": ("nearly 90 cows", "~"),
    "up to": ("up to 90 cows", "<="),
    "at least": ("at least 90 cows", ">="),
    "more than": ("more than 90 cows", ">"),
    "over": ("over 90 cows", ">"),
    "fewer": ("fewer than 90 cows", "<"),
    "just under": ("just under 90 cows", "<"),
    "no fewer": ("no fewer than 90 cows", ">="),
    "as many as": ("as many as 90 cows", "<="),
    "plus": ("90+ cows", ">="),
    "sign that stands apart": ("£90 + tax", "="),
    "or more": ("for £90 or more", ">="),
    "exact": ("the 90 cows", "="),
    "sub": ("sub-90 minutes", "<"),
    "crept up to": ("crept up to 90 cows", "="),
    "under the age": ("under the age of 90", "<"),
    "over the age": ("over the age of 90 years", ">"),
    "topped": ("the bill topped £90m", ">"),
    "to top": ("the bill is to top £90m", ">"),
    "edges up to": ("it edges up to 90%", "="),
    "about what it is over": ("a baker jailed over £90 theft", "="),
    "fined more": ("a baker fined over £90", ">"),
}


@pytest.mark.parametrize(("text", "bound"), BOUNDS.values(), ids=BOUNDS)
def test_the_words_around_a_figure_bound_it(text, bound):
    [found] = find(text)
    assert found.bound == bound
    assert "90" in text[found.start : found.end][:5]


CHANGES = {
    "rose": ("Wages rose 3%.", "up"),
    "by": ("Rates were raised by 25bp.", "up"),
    "direct object": ("The mill will cut 90 jobs.", "down"),
    "noun": ("A 4% fall in rents hurt.", "down"),
    "higher": ("It closed 1.2% higher.", "up"),
    "a rise of": ("A rise of 3% is due.", "up"),
    "raised money": ("The firm raised £5m.", None),
    "unchanged": ("Rates were unchanged at 4%.", None),
    "denied": ("Rents did not rise 3%.", None),
    "crept up to": ("Rents edged up to 4%.", "up"),
    "than before": ("Rents were 4% lower than in May.", "down"),
    "ended up": ("Bills ended up 17% lower than they had feared.", None),
    "than elsewhere": ("Rents were 4% lower than rivals charge.", None),
    "of just": ("An increase of just 3% is due.", "up"),
    "boils down": ("It boils down to £3.", None),
    "gave up": ("The side gave up 90 yards.", None),
    "a rocket": ("The rocket fell over due to 90mph winds.", None),
    "other clause": ("Rents rose, while 4% left.", None),
    "over time": ("It fell in 12 months.", None),
    "weakened": ("The rupee weakened 14 paise.", "down"),
    "lower of two": ("The 8.6-inch lower screen broke.", None),
    "laid off": ("The mill laid off 90 bakers.", "down"),
    "year-on-year": ("It reported a 4% year-on-year rise in rents.", "up"),
    "annual": ("It told of a 4% annual fall in rents.", "down"),
    "over a period": ("It sold 4% of it year on year.", None),
    "shot down": ("The army shot down 90 drones.", None),
    "advances a bill": ("The panel advances a £90m bill.", None),
    "laid": ("The hens laid 90 eggs.", None),
    "wiping": ("It fell, wiping £90m off its worth.", "down"),
    "fewer": ("It saw 4% fewer guests than in May.", "down"),
    "fewer by count": ("It has 90 fewer beds.", None),
}


@pytest.mark.parametrize(("text", "change"), CHANGES.values(), ids=CHANGES)
def test_change_is_the_direction_of_the_clause(text, change):
    [found] = find(text)
    assert found.change == change


SHARED_CHANGES = {
    "or after a counted noun": "It grew by 900 posts or 2 per cent.",
    "a name instead of the verb": "Brask rose 3%, Tarn by 4%.",
    "in brackets": "It rose to £5m ($6m).",
    "a noun instead of the verb": "Tea rose 3% and coffee by 4%.",
    "the level reached": "It closed 2p higher at 301p.",
    "a record": "It rose 2% to a record high of £5.",
    "a step of another time": "It rose 3% in May and 4% in June.",
    "respectively": "Tea and coffee rose 3% and 4% respectively.",
}


@pytest.mark.parametrize("text", SHARED_CHANGES.values(), ids=SHARED_CHANGES)
def test_a_direction_is_said_once_for_two_figures(text):
    assert [one.change for one in find(text)] == ["up", "up"]


def test_an_index_level_is_told_far_from_its_name():
    text = "The Dow fell 214 points, or 0.5 percent, after a week of fear to 38,671.69."
    assert [one.kind for one in find(text)] == ["index", "percent", "index"]


def test_an_amount_said_again_shares_the_direction_after_it():
    assert [one.change for one in find("It closed 90 points, or 0.6%, higher.")] == ["up", "up"]


def test_both_ends_of_a_change_are_per_the_same_number():
    first, second = find("Deaths fell to 2.4 per 1,000, from 3.3.")
    assert (first.value, second.value) == (Decimal("0.0024"), Decimal("0.0033"))
    assert first.per == second.per == "1000"


def test_both_ends_of_a_change_are_of_one_unit():
    assert [one.unit for one in find("The calf sickened, dropping from 190 pounds to 171.")] == [
        "pound",
        "pound",
    ]


def test_the_first_end_shares_the_scale_of_a_range():
    first, second = find("It will rise from 17.5 to 21-23 billion euros.")
    assert (first.value, second.low, second.high) == (175 * 10**8, 21 * 10**9, 23 * 10**9)


def test_a_sum_in_brackets_shares_the_role():
    assert [one.role for one in find("It rose 4% to £5m ($6m).")] == [None, "to", "to"]


def test_cents_are_of_the_money_beside_them():
    text = "Gas cost 30 euros. Oil fell 12 cents to $70, and the levy adds 20 cents to a €5 coffee."
    assert [one.unit for one in find(text)] == ["EUR", "USD", "USD", "EUR", "EUR"]


def test_cents_far_from_money_are_of_what_was_named_last():
    assert [one.unit for one in find("Oats cost $4. Cattle rose 3 cents. Rye cost €5.")] == [
        "USD",
        "USD",
        "EUR",
    ]


def test_what_is_counted_may_have_its_own_measure():
    text = "They work three 12-hour shifts."
    three, hours = find(text)
    assert text[slice(*three.measures)] == "shifts"
    assert hours.kind == "duration"


def test_what_stands_beside_a_count_is_no_part_of_what_it_counts():
    text = "He sold 14 goats and three lambs at two fairs."
    assert [text[slice(*one.measures)] for one in find(text)] == ["goats", "lambs", "fairs"]


def test_a_level_has_the_unit_of_the_step_to_it():
    assert [one.unit for one in find("Stocks fell 1,275 tons to 152,850.")] == ["ton", "ton"]


def test_a_record_of_games_in_brackets_is_no_age():
    assert "age" not in [one.kind for one in find("Calder (3-6) hosts Tarn.")]


def test_a_strong_crowd_is_a_crowd():
    text = "A 5,000-strong crowd came."
    [found] = find(text)
    assert text[slice(*found.measures)] == "crowd"


def test_points_that_an_index_rose_to_are_its_points():
    found = find("The index rose 47 points, or 2.6%, to 1,858 points.")
    assert [one.kind for one in found] == ["index", "percent", "index"]


def test_an_interval_of_confidence_is_a_range_of_numbers():
    [share, found] = find("It was slight (95% confidence interval 0.88-1.07).")
    assert (found.kind, float(found.low), float(found.high)) == ("number", 0.88, 1.07)
    assert share.unit == "percent"


def test_ages_in_words_and_digits_stand_in_one_list():
    assert [one.kind for one in find("Sons aged nine and 12 came.")] == ["age", "age"]


def test_a_number_inside_what_another_counts_is_a_figure_too():
    text = "Two of the town's seven shops closed."
    two, seven = find(text)
    assert text[slice(*two.measures)] == text[slice(*seven.measures)] == "shops"


def test_a_sum_in_brackets_shares_the_bound():
    assert [one.bound for one in find("It weighs more than 5kg (11lb).")] == [">", ">"]


RATES = {
    "a square metre": (
        "Rents are 20 euros a square metre.",
        "20 euros a square metre",
        "square-meter",
    ),
    "a metre": ("Rope is £6 a metre.", "£6 a metre", "metre"),
    "a day": ("Carers get £31 a day.", "£31 a day", "day"),
    "an hour": ("It pays £14.05 an hour.", "£14.05 an hour", "hour"),
    "per share": ("It earned 6.6 pence per share.", "6.6 pence per share", "share"),
    "barrels": ("It pumps 350,000 barrels a day.", "350,000 barrels a day", "day"),
    "a year earlier": ("It was £4m a year earlier.", "£4m", None),
    "after the stuff": ("It makes 90 tons of raw steel a year.", "90 tons", "year"),
    "ago": ("It made 90 tons of steel a year ago.", "90 tons", None),
    "annum": ("It grew at 3% per annum.", "3% per annum", "year"),
    "a word before it": ("It gives $90 per eligible child.", "$90 per eligible child", "child"),
    "on a day": ("Oil rose to $73 a barrel on Monday.", "$73 a barrel", "barrel"),
    "annually": ("It costs £5m annually.", "£5m", "year"),
    "a weekly fee": ("It takes a £90 weekly fee.", "£90", "week"),
    "things a day": ("It takes 900 cars a day.", "900", "day"),
    "things a year ago": ("It took 900 cars a year ago.", "900", None),
    "times a week": ("She trains four times a week.", "four times", "week"),
    "a calendar month": ("It costs £950 pcm.", "£950", "month"),
    "daily": ("It makes 5m litres of milk daily.", "5m litres", "day"),
    "a hyphened unit": (
        "Power costs $55 per kilowatt-hour.",
        "$55 per kilowatt-hour",
        "kilowatt-hour",
    ),
    "a year on something": ("It spends £5m a year on roads.", "£5m a year", "year"),
    "a year before tax": ("She earns £5,000 a year before tax.", "£5,000 a year", "year"),
    "a year on": ("It lost £5m a year on.", "£5m", None),
    "a rate of exchange": ("The crown is at 10.42 per euro.", "10.42 per euro", "euro"),
    "an abbreviation": ("It pumps 350,000 b/d.", "350,000 b/d", "day"),
}


@pytest.mark.parametrize(("text", "span", "per"), RATES.values(), ids=RATES)
def test_a_rate_names_what_it_is_per(text, span, per):
    [found] = find(text)
    assert (text[found.start : found.end], found.per) == (span, per)


DOLLARS = {
    "no country": (None, "USD", "default"),
    "Canada": ("CA", "CAD", "country"),
    "Australia": ("AU", "AUD", "country"),
    "Britain": ("GB", "USD", "default"),
}


@pytest.mark.parametrize(("country", "code", "source"), DOLLARS.values(), ids=DOLLARS)
def test_a_bare_dollar_is_the_publishers_where_it_has_dollars(country, code, source):
    [found] = find("The rebate costs $2bn.", country=country)
    assert (found.unit, found.currency_from) == (code, source)


EVIDENCE = {
    "stated": ("US", "All sums are in Canadian dollars. It cost $5m.", "CAD", "article"),
    "marked elsewhere": (None, "It paid A$9m. The $9m mill closed.", "AUD", "article"),
    "its own is marked": ("AU", "It paid A$5m ($3m).", "USD", "article"),
    "place": (None, "A mill in Toronto cost $3m.", "CAD", "place"),
    "adjective": (None, "The Australian mill cost $3m.", "AUD", "place"),
    "two places": (None, "A Canadian fund bought a Chicago mill for $3m.", "USD", "default"),
    "other sentence": (None, "It is big in Toronto. It cost $3m.", "USD", "default"),
    "a publisher without dollars": ("GB", "The Australian mill cost $3m.", "USD", "default"),
    "rupees": (None, "The Pakistani mill cost Rs 5 crore.", "PKR", "place"),
}


@pytest.mark.parametrize(("country", "text", "code", "source"), EVIDENCE.values(), ids=EVIDENCE)
def test_the_article_then_a_place_decide_a_shared_sign(country, text, code, source):
    found = find(text, country=country)[-1]
    assert (found.unit, found.currency_from) == (code, source)


def test_a_marked_dollar_needs_no_country():
    [found] = find("It costs A$5m.", country="CA")
    assert (found.unit, found.currency_from) == ("AUD", "sign")


COUNTED = {
    "plain": ("It cut 1,200 jobs.", "jobs"),
    "attributes": ("It has 27 senior police officers in Hull.", "senior police officers"),
    "hyphen": ("A 12-page letter came.", "page"),
    "one": ("Only one man came.", "man"),
    "of the": ("Twelve of the boats sank.", "boats"),
    "none": ("It came to 1,204.", None),
}


def test_a_month_belongs_to_one_date():
    assert [found.value for found in find("On 3 May 12 boats sank.")] == [12]


@pytest.mark.parametrize(("text", "noun"), COUNTED.values(), ids=COUNTED)
def test_a_count_measures_the_noun_after_it(text, noun):
    [found] = find(text)
    assert (found.measures and text[slice(*found.measures)]) == noun


NO_FIGURES = {
    "date": "It began on 27 April 1986.",
    "year": "It was due in 2022.",
    "decade": "The 1990s ended.",
    "clock": "Gates open at 1.30pm, or 15:00 GMT.",
    "clock in France": "Entrée à 14 h 30, sortie à 9h05.",
    "clock in Germany": "Einlass ab 14.30 Uhr.",
    "video": "The drone films 8K30p and 4K/60p.",
    "phone": "Ring 0161 496 0123 or dial 101.",
    "score": "Rovers beat Town 4-2, having trailed 1-2.",
    "ordinal": "The 21st fair was the third.",
    "address": "It stood at 12 Willow Street, Leeds LS1 4AB.",
    "model": "The Pixel 8 and the Galaxy S24 sold.",
    "label": "See Chapter 7 and Section 21.",
    "index": "The FTSE 100 and Channel 4 were named.",
    "flight": "Flight 117 left Gate 12.",
    "standard": "It meets ISO 14001.",
    "docket": "It is docket 22-451.",
    "web": "See https://example.org/99 or a9@example.org.",
    "roman": "Henry VIII sat.",
    "pronoun": "No one saw the other one.",
    "half": "It ended at half-time.",
    "name": "The Big Four met.",
    "name after the": "Ministers of the Five Eyes met.",
    "year as attribute": "It is below 2019 levels.",
    "page": "Turn to page 12.",
    "graphics card": "An RTX 4090s review.",
    "ordinal share": "A third man ran.",
    "vote": "The council voted 61 to 39.",
    "odds": "The odds are 4-1.",
    "footnote": "It was shown.[12]",
    "version": "It uses Bluetooth 5.2 now.",
    "war": "It was the Six-Day War.",
    "biggest one": "It is the biggest one yet.",
    "one doing": "It is one using the door.",
    "games console": "The PS5 sold.",
    "Roman numeral": "Henry VIII died.",
    "power of ten": "It is 2.48×10 at most.",
    "far year": "It melts by 2100.",
    "verses": "Read verses 4 to 6.",
    "no plural": "A family of four pays rent.",
    "code": "See the KX22-61P-730U laptop.",
    "count over a gap": "See page\n\n3\n\nof 15",
    "all in one": "It is an all-in-one device.",
    "a word that goes on": "The QRT3400x is a good microphone.",
    "one who writes": "They all complained, one wrote to the mayor.",
    "double as adjective": "He took the double room and admitted to double murder.",
    "double champion": "He lost to double champion Ada Finch.",
    "double-digit": "It led to double-digit growth.",
    "six-figure": "It cost a six-figure sum.",
}


@pytest.mark.parametrize("text", NO_FIGURES.values(), ids=NO_FIGURES)
def test_what_is_no_quantity_is_no_figure(text):
    assert find(text) == []


_RULES = tomllib.loads(
    (resources.files("newsetl.extractors.figures") / "data" / "masks.toml").read_text("utf-8")
)
MASK_RULES = [
    pytest.param(kind, name, rule, id=f"{kind}-{name}")
    for kind, rules in _RULES.items()
    if kind not in ("parts", "words")
    for name, rule in rules.items()
]


@pytest.mark.parametrize(("kind", "name", "rule"), MASK_RULES)
def test_a_mask_matches_its_texts_and_no_others(kind, name, rule):
    pattern = masks.compiled(kind, name)
    assert [text for text in rule["yes"] if not pattern.search(text)] == []
    assert [text for text in rule["no"] if pattern.search(text)] == []
    for text in rule["yes"]:
        assert kind in {mask.kind for mask in masks.find(text, lex(text))}
        assert kind in {mask.kind for mask in masks.find(f"({text})", lex(f"({text})"))}


DIGITS = {
    "plain": ("1234", 1234),
    "groups": ("1,234,567", 1234567),
    "decimal": ("3.14", Decimal("3.14")),
    "leading point": (".5", Decimal("0.5")),
    "continental": ("1.234,5", Decimal("1234.5")),
    "comma list": ("1,2,3", None),
    "version": ("1.2.3", None),
    "two decimal marks": ("20,2.5", None),
    "too long": ("9" * 99, None),
}


@pytest.mark.parametrize(("text", "number"), DIGITS.values(), ids=DIGITS)
def test_digits_are_read_by_their_separators(text, number):
    assert parse_digits(text) == number


def test_a_blank_line_ends_a_figure():
    [found] = find("It cost £278\n\nbillion-year-old rock")
    assert found.value == 278


def test_pence_are_exact_hundredths():
    assert find("88.5p")[0].value == Decimal("0.885")


def test_scaled_values_are_exact():
    assert find("$8.2m")[0].value == 8_200_000


_AMOUNTS = st.decimals(min_value=1, max_value=999, places=1)
_SIGNS = st.sampled_from(sorted(code for code in set(lexicon.SYMBOLS.values()) if "?" not in code))
_SCALES = st.sampled_from(
    [("m", 6), ("bn", 9), (" million", 6), (" billion", 9), ("\u00a0trillion", 12), ("tn", 12)]
)
_CODES = st.sampled_from(sorted(lexicon.CODES - lexicon.CODE_WORDS))
_UNITS = sorted(
    name
    for name in lexicon.UNITS.keys() - lexicon.WORDS["homonyms"] - lexicon.ABBREVIATIONS.keys()
    if len(name) > 3 and name.isalpha()
)
_CLAUSE = "It was {} in all."
_STYLES = (
    "{:,}".format,
    lambda number: f"{number:,}".replace(",", "\u202f"),
    lambda number: f"{number:,}".replace(",", "\u00a0"),
    lambda number: f"{number:,}".replace(",", "'"),
)
"""Groups in the English, the French, the typewritten and the Swiss way."""


@given(amount=_AMOUNTS, code=_CODES, scale=_SCALES, gap=st.sampled_from(["", " ", "\u00a0", "\n"]))
def test_a_rendered_code_amount_is_read_back(amount, code, scale, gap):
    [found] = find(f"It paid {code}{gap}{amount}{scale[0]} in all.")
    assert (found.value, found.unit, found.kind) == (amount.scaleb(scale[1]), code, "money")


@given(amount=_AMOUNTS, code=_SIGNS, scale=_SCALES)
def test_a_rendered_symbol_amount_is_read_back(amount, code, scale):
    symbol = next(sign for sign, own in lexicon.SYMBOLS.items() if own == code)
    [found] = find(f"It paid {symbol}{amount}{scale[0]} in all.")
    assert (found.value, found.unit) == (amount.scaleb(scale[1]), code)


@given(number=st.integers(min_value=2100, max_value=10**12))
def test_a_number_in_any_grouping_is_the_number(number):
    western = f"{number:,}"
    spaced = western.replace(",", "\u202f")
    assert [find(f"It paid £{form}.")[0].value for form in (western, spaced)] == [number, number]


@given(
    number=st.integers(min_value=10_000, max_value=10**9),
    style=st.sampled_from(_STYLES),
    prefix=st.sampled_from(sorted(lexicon.NATIONAL) + sorted(lexicon.APART)),
)
def test_every_prefix_reads_every_style(number, style, prefix):
    code = (lexicon.NATIONAL | lexicon.PREFIXES)[prefix]
    text = _CLAUSE.format(f"{prefix}{style(number)}")
    [found] = find(text)
    assert found.value == number
    assert code.startswith("?") or found.unit == code
    assert text[found.start : found.end] == f"{prefix}{style(number)}"


@given(
    mantissa=st.integers(min_value=2, max_value=99),
    scale=st.sampled_from(sorted(name for name in lexicon.SCALES if len(name) > 1)),
    name=st.sampled_from(sorted(row for row in lexicon.CURRENCY_NAMES.values())),
)
def test_every_scale_word_and_currency_name_is_read(mantissa, scale, name):
    [found] = find(_CLAUSE.format(f"{mantissa} {scale} {name}"))
    assert (found.value, found.kind) == (Decimal(mantissa).scaleb(lexicon.SCALES[scale]), "money")


@given(number=st.integers(min_value=2, max_value=999), name=st.sampled_from(_UNITS))
def test_every_unit_name_is_read(number, name):
    [found] = find(_CLAUSE.format(f"exactly {number} {name}"))
    assert found.value in (number, Decimal(number).scaleb(-2))
    assert found.kind != "number"


@given(before=st.text(max_size=20), number=st.integers(min_value=2, max_value=999))
def test_a_sum_is_read_after_any_paragraph(before, number):
    found = find(f"{before}\n\nIt cost £{number}m.")[-1]
    assert found.value == number * 10**6


@given(number=st.integers(min_value=1, max_value=999))
def test_a_number_in_words_is_the_number(number):
    text = f"It sold {_spell(number)} million pounds of bonds."
    assert find(text)[0].value == number * 10**6


def _spell(number: int) -> str:
    ones = {value: word for word, value in lexicon.ONES.items() if word not in ("nought", "nil")}
    tens = {value: word for word, value in lexicon.TENS.items()}
    if number < 20:
        return ones[number]
    if number < 100:
        rest = f"-{ones[number % 10]}" if number % 10 else ""
        return tens[number - number % 10] + rest
    rest = f" and {_spell(number % 100)}" if number % 100 else ""
    return f"{ones[number // 100]} hundred{rest}"


_PIECES = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            [
                "£",
                "$",
                "3",
                "1,234",
                "12.5",
                "m",
                "bn",
                "%",
                "to",
                "from",
                "-",
                "–",
                " ",
                "\n\n",
                "one",
                "in",
                "five",
                "half",
                "a",
                "and",
                "lb",
                "oz",
                "per",
                "(",
                ")",
                "between",
                "½",
            ]
        ),
    ),
    max_size=25,
)


@settings(max_examples=300)
@given(pieces=_PIECES, glue=st.sampled_from(["", " "]))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(pieces, glue):
    text = glue.join(pieces)
    last = 0
    for found in find(text):
        assert last <= found.start < found.end <= len(text)
        assert (found.value is None) == (found.low is not None)
        assert found.kind in KINDS
        assert found.bound in BOUND_SIGNS
        last = found.end


@given(text=st.text(max_size=60))
def test_tokens_cover_every_character_but_white_space(text):
    tokens = lex(text)
    covered = "".join(token.text for token in tokens)
    assert covered == "".join(character for character in text if not character.isspace())


FLOODS = {
    "digits and commas": "1,",
    "digits": "1",
    "spaced digits": "1 ",
    "groups": "123 ",
    "dashes": "1-",
    "words": "twenty-",
    "scales": "million ",
    "symbols": "£",
    "ranges": "1 to ",
    "letters": "m1 ",
    "scores": "won 1-",
    "ones": "no one ",
    "months": "may 1 ",
    "halves": "half a ",
    "ages": "aged 4, ",
}


@pytest.mark.parametrize("piece", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_marks_ends(piece):
    """Twice the square of this length would not end in a day; linear time ends in seconds."""
    text = piece * (80_000 // len(piece))
    assert all(found.end <= len(text) for found in find(text))


_MEGABYTE = 1_000_000
MEGABYTES = {
    "digits": "7" * _MEGABYTE,
    "digits and commas": "7," * (_MEGABYTE // 2),
    "commas": "," * _MEGABYTE,
    "any of them": "".join(Random(1).choices("0123456789,", k=_MEGABYTE)),
}


@pytest.mark.parametrize("text", MEGABYTES.values(), ids=MEGABYTES)
def test_a_megabyte_of_digits_and_commas_ends(text):
    assert all(found.end <= len(text) for found in find(text))


@settings(max_examples=30, deadline=None)
@given(piece=st.one_of(st.text(min_size=1, max_size=8), _PIECES.map(" ".join)))
def test_any_text_said_over_and_over_ends(piece):
    text = f"{piece} " * (8_000 // (len(piece) + 1))
    assert all(found.end <= len(text) for found in find(text))
