"""Documents to export, and texts that would like to be more than text."""

import json
from collections.abc import Sequence

from atelier.exports.document import Document, from_json

LIKE_MARKUP = [
    '#import "x"',
    "#h(1cm) #let x = 1",
    "$x^2$ et $ y $",
    "@ref <label>",
    "<script>alert(1)</script>",
    "*bold* _em_ `code`",
    "= Title",
    "- liste",
    "+ un",
    "/ terme: x",
    "// non\u00a0; /* non plus */",
    r"a \ b \n \u{41} C:\dossier",
    "[x] {y} ~ -- --- ...",
    "\"droits\" et 'simples'",
]

FRENCH = [
    "Aujourd’hui, quelqu’un m’a dit\u00a0: «\u00a0L’été, qu’est-ce que c’est\u202f?\u00a0»",
    "anticonstitutionnellement, intergouvernementalisation, électroencéphalographiquement",
    "hexakosioihexekontahexaphobie et désinstitutionnalisation-là",
    "ŒUVRE, cœur, L’HAŸ, çà, où, maïs, ambiguë, 12\u00a0½\u00a0€, 100\u00a0%",
    "https://example.org/une/longue/adresse?a=b&c=d",
    "une ligne\nune autre\r\nla\tdernière",
]

OTHER_WRITING = ["😀 👩‍👩‍👧 ❤️ 👍🏽", "مرحبا", "שלום", "中文测试", "Łódź, Ωμέγα, Жизнь", "→ ≠ ≤ ✓ ★"]


def a_document(*texts: str, clusters: int = 0, **fields: object) -> Document:
    """With clusters, the notes are dealt to them in turn; without, all are to be sorted."""
    notes = [
        {
            "id": f"n{n}",
            "step": "s1",
            "text": text,
            "cluster": f"c{n % clusters}" if clusters else None,
        }
        for n, text in enumerate(texts)
    ]
    data = {
        **{"atelier": 1, "title": "L’argent", "theme": "", "day": "2026-11-22"},
        **{"language": "fr", "profile": "group", "steps": [], "notes": notes},
        "clusters": [
            a_cluster(n, [note["id"] for note in notes[n::clusters]]) for n in range(clusters)
        ],
        **{"tensions": [], "cards": [], "timeline": []},
    }
    return from_json(json.dumps(data | fields).encode())


def a_cluster(n: int, notes: Sequence[str | None] = ()) -> dict[str, object]:
    letter = chr(ord("A") + n)
    return {"id": f"c{n}", "letter": letter, "title": f"Grappe {n}", "tags": [], "notes": notes}


def a_tension(**fields: object) -> dict[str, object]:
    return {"id": "t1", "a": "c0", "b": "c1", "both": "", "and": "", "levels": [], **fields}


FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://example.org";"x")',
    "=cmd|'/c calc'!A1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
]

HOSTILE = [
    *LIKE_MARKUP,
    *FRENCH,
    *OTHER_WRITING,
    *FORMULAS,
    "a | b || c",
    "``` \n~~~\n    code",
    "![x](https://example.org/x.png) [y]: z",
    "https://example.org www.example.org moi@example.org :smile:",
    "1. un\n2) deux\n- trois\n# quatre\n> cinq\n===\n---",
    "&lt;b&gt; &amp; &#x41; <img src=x onerror=alert(1)> </style></script>",
    'a";"b","c',
    "trois\n\n\nquatre",
    "{{ 7*7 }} {% raw %} {# x #}",
]
