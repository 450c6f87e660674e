"""What holds digits or number words and is no figure, by kind: dates, times, addresses, scores …"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
)
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:1[0-9]|20|21)[0-9]{2}"
_DASH = r"[-\u2010-\u2015]"
_ZONE = r"(?:gmt|bst|utc|est|edt|cst|cdt|pst|pdt|cet|cest|ist|et|pt|ct|mt)\b"
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|crescent|close|court|way"
    r"|terrace|gardens|grove|place|square|parade|highway|mews|walk|row|hill)\b"
)

_RULES: dict[str, str] = {
    "web": r"""
        \b (?: https?:// | www[.] ) \S++                # addresses of pages
      | [\w.+-]{1,64}+ @ [\w-]++ (?: [.] [\w-]++ )++    # e-mail
      | \b 10[.][0-9]{4,9}/\S++                         # DOI
      | (?<!\w) [@\#] \w*[a-z]\w*                       # handles and tags
    """,
    "date": rf"""
        \b {_DAY} (?:st|nd|rd|th)? (?: \s* {_DASH} \s* {_DAY} | \s (?:and|to|or) \s {_DAY} )?
            (?:st|nd|rd|th)? \s (?:of\s)? {_MONTH} (?: ,? \s (?: {_YEAR} | '[0-9]{{2}} ) )? (?![\w-])
                                                        # 14 March 2019, 3-5 May
      | \b {_MONTH} \s {_DAY} (?:st|nd|rd|th)? (?![0-9:,.]?[0-9]) (?! \s? (?: % | percent | per\scent | {_DASH} [0-9] ) )
            (?: ,? \s {_YEAR} (?![0-9]) )?              # March 14, 2019
      | \b {_MONTH} \s {_DAY} \s? {_DASH} \s? {_DAY} (?! [0-9] ) (?: ,? \s {_YEAR} )?
      | \b {_MONTH} ,? \s (?: {_YEAR} | '[0-9]{{2}} ) (?! [\w,] )
      | \b [0-9]{{4}} - [0-9]{{2}} - [0-9]{{2}} (?: T [0-9:.Z+]* )?+ (?![0-9])
      | \b [0-9]{{1,2}} (?P<slash>[/.]) [0-9]{{1,2}} (?P=slash) (?: [0-9]{{4}} | [0-9]{{2}} ) (?![0-9])
      | \b (?: 9/11 | 7/7 | 24/7 | 50/50 ) \b           # set names of days and shares
    """,
    "year": rf"""
        (?<![\w£$€¥,.]) (?: {_YEAR} ) s \b               # 1990s
      | (?<!\w) ['’] [0-9]0s \b                         # '90s
      | (?<![\w£$€¥,.]) {_YEAR} \s? {_DASH} \s? (?: {_YEAR} | [0-9]{{2}} ) (?! [\w,.]?[0-9] | \s (?:million|billion) )
      | (?<![\w£$€¥,.]) {_YEAR} / [0-9]{{2}} (?: [0-9]{{2}} )? (?![0-9])   # 2023/24
      | \b (?: fiscal | fy | financial\syear | calendar ) \s? '? (?: {_YEAR} | [0-9]{{2}} ) (?: \s? [-–/] \s? [0-9]{{2,4}} )? \b
      | \b [qh] [1-4] \b                                # Q3
      | \b (?: a[.]?d[.]? | circa ) \s [0-9]{{1,4}} (?: \s (?:and|to|or) \s [0-9]{{1,4}} )? (?![\w,])
      | \b [0-9]{{1,4}} \s? (?: bce? | b[.]c[.] | a[.]d[.] | ce ) \b
      | \b (?: early | mid | late | their | his | her | in \s the | the ) [\s-] (?:low-|high-|mid-)? [1-9]0s \b  # her 30s
    """,
    "time": rf"""
        \b [0-9]{{1,2}} (?: [:.] [0-5][0-9] ){{1,2}} \s? (?: [ap][.]?m\b[.]? | {_ZONE} | hrs\b )
      | \b [0-9]{{1,2}} \s? (?: [ap][.]m[.] | [ap]m \b )     # 9pm
      | (?<! [\d:.,] ) (?: [01]?[0-9] | 2[0-4] ) : [0-5][0-9] (?: : [0-5][0-9] (?: [.][0-9]+ )? )? (?! [\d:] )
      | \b (?: [0-9]{{1,2}} | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve ) \s o['’]clock
      | \b [0-2][0-9][0-5][0-9] \s? (?: hours | hrs | {_ZONE} )
      | \b half \s past \s \w++
      | \b at \s (?: [1-9] | 1[0-2] ) (?: [.][0-5][0-9] )? (?= \s (?: tonight | tomorrow | today | sharp ) )
    """,
    "phone": r"""
        (?<! [\w£$€] ) [+] [0-9]{1,3} (?: [\s().-]{1,2} [0-9]{2,5} ){2,5}
      | (?<! [\w£$€.,] ) [(]? 0 [0-9]{2,4} [)]? (?: [\s-] [0-9]{3,8} ){1,3} (?! [\w] )
      | (?<! [\w£$€.,] ) 0[0-9]{9,10} (?![0-9])
      | (?<! [\w£$€.,-] ) [(]? [0-9]{3} [)]? [\s.-] [0-9]{3} [.-] [0-9]{4} (?![0-9])
      | \b (?: call(?:ing|s)? | dial(?:ling|ed)? | ring(?:ing)? | phone | text | tel | telephone | helpline | hotline | fax )
            (?: \s (?: on | at | for | to | police | the | emergency | services | number | line | crimestoppers | samaritans | nhs ){1,3} )*+
            [\s:]{1,3} [0-9]{3,6} (?: [\s-] [0-9]{3,8} )*+ (?: \s or \s [0-9]{3,6} )?+ (?! [\w%] | [.,][0-9] | \s [a-z]{3,}s \b )
      | \b or \s 101 \b
    """,
    "address": rf"""
        \b [0-9]{{1,5}} [a-z]? (?: \s? {_DASH} \s? [0-9]{{1,5}} )? ,? \s (?-i: [A-Z][\w'’]+ ) (?: \s (?-i: [A-Z][\w'’]+ ) ){{0,2}}? \s (?-i: (?=[A-Z]) ) {_STREET}
      | (?-i: \b [A-Z]{{1,2}} [0-9] [0-9A-Z]? \s [0-9] [A-Z]{{2}} \b )          # GL1 1UY
      | (?-i: \b [A-Z]{{2}} ) ,? \s [0-9]{{5}} (?: - [0-9]{{4}} )? \b           # TX 75001
      | \b p[.]?o[.]? \s? box \s [0-9]++
      | (?-i: \b [AMBU] [0-9]{{1,4}} (?: [(] M [)] )? (?= \s (?: road | motorway | near | at | in | between | northbound | southbound | eastbound | westbound | and | , ) ) )
    """,
    "reference": r"""
        \b (?: reference | ref | docket | case | appeal | claim | application | invoice | model | serial | article | patent | licence | license | registration | charity )
            (?: \s (?: number | no[.]? | code | id ) )? [\s:.\#]{1,3} [a-z]{0,4} [/-]? [0-9][\w/-]*+
      | \b (?: isbn | issn | iso | iec | en | bs | rfc | cve | din | doi | pmid ) [\s:-]{0,2} [0-9][0-9\w/:.-]*+
      | [(] \s? [0-9]{1,3} \s? [)]                      # (4): a note, a shirt
      | (?<! [\w.] ) [0-9]{1,3} - [0-9]{3,} (?: - [0-9]+ )*+ (?! \s (?: [a-z]{3,}s | people | million | billion ) \b | [\w%] )
      | \b [0-9]++ [.] [0-9]++ (?: [.] [0-9]++ )++        # versions and internet addresses
      | § \s? [0-9][\w.()-]*+
    """,
    "score": rf"""
        (?<! [\w£$€.,-] ) (?<! [-–] ) [0-9]{{1,3}} [-–] [0-9]{{1,3}} (?= \s (?: up | down | win | victory | defeat | loss | lead | draw | aggregate | record | vote | ruling | decision | thriller | deficit | advantage | winner | triumph | thrashing ) \b )
      | \b (?: won | win | wins | winning | lost | lose | losing | drew | draw | beat | beats | beating | led | lead | leading | trail | trailing | trailed | tied | score | scored | score\sof | go | went | going | was | at | finished | ended )
            (?: \s [\w'’]{{1,20}} ){{0,3}}? \s [0-9]{{1,3}} [-–] [0-9]{{1,3}} (?: ,? \s (?:and\s)? [0-9]{{1,2}} [-–] [0-9]{{1,2}} )*+ (?! [\w%] | [.,][0-9] | [-–] | \s? (?:{_DASH}\s)? (?: years? | days? | weeks? | months? | hours? | minutes? | miles? | metres? | per\s?cent | percent | points? | million | billion | [a-z]{{3,}}s ) \b )
    """,
    "ordinal": r"""
        \b [0-9]{1,4} (?: , [0-9]{3} )? (?: (?<! 1[0-9] ) (?<=1) st | nd | rd | th ) \b
    """,
    "name": r"""
        \b (?-i: [A-Z] [\w]* ) [-\u2010\u2011] [0-9]++ (?![\w,.]?[0-9]) (?: [-\u2010\u2011] [0-9]++ )*+ [a-z]*   # COVID-19, TA-35
      | (?<! [£$€¥\w] ) (?! (?-i: R | Y | RM | Rs | [A-Z]{3} | [SND]Kr | SFr | PS | Rp | Rmb | RMB | W | N | P ) [0-9] ) (?-i: [A-Za-z]{1,4} ) [0-9]++ (?! [.,]?[0-9] ) [a-z]{0,3} (?! [\w²³] )    # G70, S24, i4
      | (?<! [\w.,] ) (?: [2345] g | [48] k | [23] d | 4 x 4 | 24 / 7 | 4 wd | 2 wd ) \b (?! \s (?: people | jobs ) )
      | \b [0-9]{1,3} [x×] [0-9]{1,5} (?: [x×] [0-9]{1,5} )*+ (?![\w])       # 4x400
      | \b (?: no | number | numbers | nos ) \.? \s? (?: [0-9]{1,3} | 10 | one | two | three | four | five | six | seven | eight | nine | ten | eleven ) (?! [\w%] | [.,][0-9] | \s (?:of\sthe\s)? (?:people|jobs) )
      | \b (?: [ivx]{2,6} ) \b (?= [\s.,;)] )
    """,
    "pronoun": r"""
        \b (?: no | any | every | some | each | this | that | which | the | another | a ) [-\s]one \b (?! [-\s] (?: hundred | thousand | million | billion | man | woman | person | thing | day ) )
      | \b one \s (?: another | day | night | can | could | is | was | has | had | would | might | may | must | should | will | does | of \s (?: these | those | them | us | you | which | whom ) ) \b (?! \s of \s )
      | \b one ['’] s \b
      | \b one \s? [,.;:?!]
      | \b (?: first | second | third | fourth | final | last | opening | other | second- ) [\s-] half \b
      | \b half [-\s]? (?: time | back | brother | sister | term | marathon | price | way | moon | century | centuries | year(?!s) | hearted | baked | open ) \b
      | \b one-(?: off | time | sided | way | on-one | to-one | day | stop | man | woman | liner | party | size ) \w* \b
      | \b (?: two | three | four )-(?: way | tier | part | pronged | piece | time | state | thirds\smajority | faced | fold(?=\saim) ) \b
      | \b (?: day | year | phase | number | part | chapter | game | act | week | stage | formula | channel | radio | bbc | tier | square | air\sforce | plan | level | grade | category | matchday | season | episode | volume ) \s (?: one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve ) \b (?! \s (?: hundred | thousand | million | billion | people ) )
      | \b (?: fifty-fifty | sixth \s form | catch-22 | nine-to-five | at \s sixes \s and \s sevens | one \s or \s the \s other | hundred-percenter )
    """,
}
_PATTERNS = {kind: re.compile(rule, re.VERBOSE | re.IGNORECASE) for kind, rule in _RULES.items()}


class Mask(NamedTuple):
    """The span of something that holds numbers and is no figure; `kind` names what it is."""

    start: int
    end: int
    kind: str


def find(text: str) -> list[Mask]:
    """Return what in `text` is no figure, in order of the text; masks may overlap.

    >>> [(mask.kind, "On 3 May 2024 Leeds won 2-1"[mask.start : mask.end])
    ...  for mask in find("On 3 May 2024 Leeds won 2-1")]
    [('date', '3 May 2024'), ('score', 'won 2-1')]
    """
    return sorted(_find(text))


def _find(text: str) -> Iterator[Mask]:
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            yield Mask(match.start(), match.end(), kind)
