"""What is left out of the stylesheet, and what must not be."""

import pytest
import tinycss2
from purge import purge

PAGE = '<p class="note wide" id="top"><a class="link">text</a></p>'
SCRIPT = 'element.classList.add("open"); read("var(--from-script)")'


@pytest.mark.parametrize(
    "rule",
    [
        "p{color:red}",
        ".note{color:red}",
        "#top .link:hover{color:red}",
        ".note.open{color:red}",  # a script adds it
        ".note:not(.absent){color:red}",
        ":is(.absent,.note){color:red}",
        "@media print{.note{color:red !important}}",
        "@font-face{font-family:A;src:url(a.woff2)}",
        "@keyframes turn{from{top:0}to{top:1px}}",
        ":root{--a:1px}p{top:var(--a)}",
        ":root{--a:1px;--b:var(--a)}p{top:var( --b)}",
        ":root{--from-script:1px}",
    ],
)
def test_what_a_page_can_use_stays(rule):
    def tokens(css):
        return "".join(tinycss2.serialize(tinycss2.parse_component_value_list(css, True)).split())

    assert tokens(purge(rule, [PAGE, SCRIPT])) == tokens(rule)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (".absent{color:red}", ""),
        (".note .absent{color:red}", ""),
        ("#absent{color:red}", ""),
        (".absent,.note{color:red}", ".note{color:red}"),
        ("@media print{.absent{color:red}}", ""),
        ('@charset "UTF-8";p{color:red}', "p{color:red}"),
        ("/* words */p{color:red}", "p{color:red}"),
        (":root{--a:1px;color:red}", ":root{color:red}"),
        (":root{--a:1px}:root{--b:var(--a)}", ""),  # read by a variable that nothing reads
        ("p{}", ""),
    ],
)
def test_what_no_page_can_use_goes(rule, left):
    assert purge(rule, [PAGE, SCRIPT]) == left
