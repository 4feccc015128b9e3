#!/usr/bin/env python3
"""Makes the fonts beside this file, with which pictures become pixels on the command line, of Debian's
fonts-liberation2 and fonts-dejavu-core, by python3-fonttools: Latin, Greek, Cyrillic and the signs that pictures have.
Fonts that are cut must not be called Liberation (OFL 1.1, 3)."""
from pathlib import Path
from fontTools.subset import Options, Subsetter, load_font, save_font

HERE = Path(__file__).parent
FONTS = Path('/usr/share/fonts/truetype')
LATIN, GREEK = [*range(0x20, 0x7F)], [*range(0x370, 0x400)]
LETTERS = [*LATIN, *range(0xA0, 0x180), *GREEK, *range(0x400, 0x460)]
SIGNS = [ord(sign) for sign in '–—‘’“”•…′″‰‹›€™∂∏∑−√∞∫≈≠≤≥←↑→↓↔↕⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ﬁﬂ�']
# What Liberation lacks.
RARE = [ord(sign) for sign in '␣␤⏎↵⇥∅∇∈⊙⊗⊕∘⟨⟩✓✗①②③₀₁₂₃₄₅₆₇₈₉ₜ→←']


def make(source, name, file, characters, style='Regular'):
    options = Options()
    options.hinting = False
    options.layout_features = ['kern', 'mark', 'mkmk']
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    font = load_font(str(FONTS / source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    full = name if style == 'Regular' else f'{name} {style}'
    for record in font['name'].names:
        named = {1: name, 2: style, 3: full, 4: full, 6: full.replace(' ', '')}.get(record.nameID)
        if named:
            record.string = named
    font['head'].modified = font['head'].created
    font.recalcTimestamp = False
    save_font(font, str(HERE / file), options)


make('liberation2/LiberationSans-Regular.ttf', 'Gatescope Sans', 'sans.ttf', LETTERS + SIGNS)
make('liberation2/LiberationSans-Italic.ttf', 'Gatescope Sans', 'sans-italic.ttf', LATIN + GREEK + SIGNS, 'Italic')
make('liberation2/LiberationSans-Bold.ttf', 'Gatescope Sans', 'sans-bold.ttf', LATIN, 'Bold')
make('liberation2/LiberationMono-Regular.ttf', 'Gatescope Mono', 'mono.ttf', LETTERS + SIGNS)
make('dejavu/DejaVuSansMono.ttf', 'Gatescope Signs', 'signs.ttf', RARE)
