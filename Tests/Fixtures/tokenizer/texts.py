"""The texts on which tokenizers are compared: a list of those that go wrong, and any number of made-up ones."""

import html.entities
import random
import unicodedata
from collections.abc import Iterator

# fmt: off
# Templates and class names as people have them.
PLAIN = """a photo of a cat|A Photo Of A DOG.|a red circle|a red circle inside a blue square|itap of a {}.|a bad photo of the {}.
a photo of a golden retriever, a type of pet.|a centered satellite photo of Annual Crop Land.|a photo of a air_plane|X-ray|t-shirt
a photo of many 2012 Audi S5 Coupe.|C-130 Hercules|747-400|1994 BMW M3 E36|wild-cat|snoopy (cartoon beagle)|yin_yang|3/4 view
hen-of-the-woods|jack-o'-lantern|black-eyed susan|bird of paradise|colt's foot|lenten rose|ball moss|fire-lily|love in the mist
Brushing_Teeth|ApplyEyeMakeup|the origami of a rook|100%|50/50|AT&T|R&D|rock&roll|a&b;c|fish & chips|salt &pepper|<html>|a<b>c
if (x < 3 && y > 4) { return; }|http://example.org/a?b=c&d=e|me@example.org|#hashtag @name|$5.00|€5|£3.50|1,000,000|3.14159|1e-10
don't|I'm|you're|we've|they'll|he'd|it's|can't've|rock 'n' roll|'tis|'twas|o'clock|'s|'t|'re|'ve|'m|'ll|'d|'S|'T|'RE|'VE|'M|'LL|'D
''s|'''|'sx|x's|x'sy|'ss|'rest|'red|'mm|'ddd|'llama|'vet|'r|'l|'v|a'|'a|!'s|.'s|-'ll|1's|2'd|'1|'_s|_'s|it' s|it 's|'s's's
I'Ll|DON'T|SHE'S|'Re|'vE|s'|t'|'s'|a''s|a'''s|'\u2019s|you'r|y'all'd've|'em|ma'am|fo'c's'le|O'Reilly|d'Artagnan|l'\u00e9t\u00e9""".replace("\n", "|").split("|")

SPECIAL = """<start_of_text>|<end_of_text>|a <start_of_text> b|a<end_of_text>b|<START_OF_TEXT>|<End_Of_Text>|<start_of_text><end_of_text>
<|startoftext|>|<|endoftext|>|a photo<|endoftext|>of|<start_of_text|start_of_text>|<<start_of_text>>|!<start_of_text>|<\u017ftart_of_text>
<start_of_te\u00d7t>|&lt;start_of_text&gt;|&amp;lt;end_of_text&amp;gt;|<start_of_text>'s|'<end_of_text>|</w>|a</w>|</w>b|<w>|< start_of_text >
<end_of_text|<end_of_text>>|\uff1cend_of_text\uff1e|<end_of_text>1<start_of_text>|<unk>|[CLS]|<pad>|<mask>""".replace("<|s", "\0").replace(
    "<|e", "\1").replace("t|>", "\2").replace("\n", "|").split("|")
SPECIAL = [text.replace("\0", "<|s").replace("\1", "<|e").replace("\2", "t|>") for text in SPECIAL]

ENTITIES = """&amp;|&amp|&AMP;|&AMP|&Amp;|&lt;|&lt|&gt;b|&quot;x&quot;|&apos;s|&nbsp;|a&nbsp;b|&NBSP;|&eacute;|&EACUTE;|&Eacute;|&eacute|&EACUTE
P&EACUTE;REZ|BUNDESSTRA&SZLIG;E|&szlig;|&NTILDE;|&nTILDE;|&frac12;|&FRAC12;|&hellip;|&HELLIP;|&mdash;|&MDASH;|&copy;|&copy|&COPY;|&COPY
&copyright|&copyx;|&notit;|&notin;|&not|&not;|&NotEqualTilde;|&acE;|&fjlig;|&FJLIG;|&ThickSpace;|&zwj;|&ZWJ;|&lrm;|&shy;|&ensp;|&emsp;
&amp;amp;|&amp;amp;amp;|&amp;amp;amp;amp;|&amp;lt;b&amp;gt;|&amp;#39;|&amp;#x27;s|&amp;eacute;|&amp;amp;eacute;|&ampamp;|&ampeacute;
&#39;s|&#39|&#39s|&#x27;s|&#X27;|&#65;|&#65|&#065;|&#x41;&#x42|&#x4G;|&#;|&#x;|&#xg;|&#|&|&;|& amp;|&a|&aa|&ab;|&#0;|&#1;|&#8;|&#9;|&#10;|&#11;
&#12;|&#13;|&#13;&#10;|&#28;|&#31;|&#32;|&#127;|&#128;|&#129;|&#130;|&#x80;|&#x85;|&#x8D;|&#x99;|&#159;|&#160;|&#xAD;|&#55296;|&#xD800;|&#xDFFF;
&#xD83D;&#xDE00;|&#x1F600;|&#128512;|&#xFFFE;|&#xFFFF;|&#x1FFFF;|&#x10FFFF;|&#x110000;|&#99999999999999999999;|&#xFFFFFFFFFFFFFFFF;
&#xFDD0;|&#64976;|&#x7F;|&#x200B;|&#8217;s|&#x2019;t|&#64257;|&#xFF21;|&#x3000;|<b>&amp;</b>|<p>&eacute;|<&amp;amp;>|a < b &amp; c|&lt;&amp;
&lt;b&gt;&amp;amp;|&CounterClockwiseContourIntegral;|&CounterClockwiseContourIntegralX;|&DoubleLongLeftRightArrow;|&zzzz;|&amp&amp|&ltimes;
&LTIMES;|&lang;|&LANG;|&sup2;|&SUP2;|&supE;|&sup|&deg|&degC|20&degC|&para|&parallel;|&paralle|&times;|&times|&timesb;|&timesbar;|&timesbarx
&reg|&REG|&registered|&yen5|&cent;s|&sect 5|&sect;5|&middot;|&micro;|&ordf|&uml|&macr;\\_(\u30c4)_/&macr;|&eacute;&eacute|&\u00e9;|&amp\u00e9;
&am\u0301p;|&\u212aopf;|&amp\u037e|x&y&z|&x41;|&#x41\u0661;|&#\u0661;|&#65\u0661|&\uff03 65;|&amp;nbsp;&amp;nbsp;|&nbsp;&nbsp;&nbsp;|\uff06amp;|\uff06lt;""".replace("\n", "|").split("|")

WORDS = """café|Café CRÈME|naïve|façade|Zürich|ÅNGSTRÖM|Ångström|smörgåsbord|jalapeño|crème brûlée|piñata|Øresund|Łódź|São Paulo|Dvořák|Gödel
İstanbul|ISTANBUL|ıstanbul|DİYARBAKIR|iİıI|i\u0307|I\u0307|İ\u0307|straße|STRASSE|STRAẞE|ẞ|ß|ßs|Maß|groß's|ΟΔΥΣΣΕΥΣ|Σ|ΣΣ|ΑΣ|ΑΣΑ|ΑΣ.|ΑΣ-Α|ΑΣ'
ΑΣ'Α|Α'Σ|.Σ|1Σ|Σ1|ΑΣ\u0301|Α\u0301Σ|ΑΣ\u00ad|Α\u00adΣ|aΣ|AΣB|ΑΣ ΒΣ|ΌΣΟΣ|ΣΊΣΥΦΟΣ|ſ|'ſ|a'ſ|'ſt|ſtart|'\ufb05|\ufb05|K|'K|Å|ﬁ|ﬂ|ﬃ|ﬀ|ﬄ|ﬆ|ofﬁce|ﬂower
æ|Æ|œ|Œ|œuvre|ŒUVRE|ĳ|Ĳsselmeer|ŉ|ŉ Afrika|Ǆ|ǅ|ǆ|Ǉ|ǈ|ǉ|Ǌ|ǋ|ǌ|Ǳ|ǲ|ǳ|ð|Þorn|ŋ|ƒ|ə|ʼ|ʻokina|Hawaiʻi|hawai‘i
кошка|КОШКА|Ёлка|ЁЛКА|чёрный кот|Україна|ї|ґ|српски|Љубав|България|Ἀθῆναι|ἈΘΗ͂ΝΑΙ|ᾼ|ᾳ|α\u0345|Α\u0345|\u0345|×\u0345×|ϐϑϕ|ΐ|ΰ|և|Հայաստան|ՀԱՅ
קוֹל|שלום עולם|\u200fשלום\u200e|مرحبا بالعالم|لا|ﻻ|ﷺ|سَلَام|اردو|فارسی‌ها|हिन्दी|क्षि|बिल्ली|বাংলা|தமிழ்|తెలుగు|ไทย|แมว|ກາ|မြန်မာ|ខ្មែរ|ქართული|ᲥᲐᲠᲗᲣᲚᲘ|አማርኛ
猫の写真|赤い車|ネコ|ﾈｺ|ﾊﾟﾝ|ｶﾞｷﾞ|がぎ|か\u3099|カ\u3099|ﾀﾞ ﾁ|ｰ|漢字カタカナひらがな|一二三|〇|々|中文，标点。|「日本語」|한국어|한국어|ﾡ|ﾾ|ￂ|고양이 사진|ᄒ
ＦＵＬＬ　ＷＩＤＴＨ|ｃａｔ|１２３|！？|＇ｓ|ｉｔ＇ｓ|＂ｘ＂|￠￡￢￣￤￥￦|￨￩￪￫￬￭￮|｟｠|｡｢｣､･|＜ｂ＞|＆ａｍｐ；|Ａ＆Ｂ|～|＃""".replace("\n", "|").split("|")

QUOTES = """\u2018a\u2019|\u201ca\u201d|it\u2019s|don\u2019t|\u2019s|\u2019re|rock \u2019n\u2019 roll|\u201aa\u2018|\u201ea\u201c|\u201bs|\u201fs|\u02bcs|\u02bbs|\u00b4s|`s|``a\'\'
\u2032s|\u2033|\u00aba\u00bb|\u2039a\u203a|\u275bs|\u275cs|\u300ca\u300d|\u201c\u2018a\u2019\u201d|they\u2019ve|I\u2019LL|\u2019\u2019s|dogs\u2019 toys""".replace("\n", "|").split("|")

DIGITS = """0123456789|12 34|a1b2|v2.0|1st 2nd|٠١٢٣|۰۱۲|०१२|๑๒๓|᠑᠒|𝟎𝟏𝟐|²³¹|x²|½|¼ cup|⅓|Ⅳ|ⅳ|ⅻ|①②|⑴|⒈|㊀|㈠|〡〢|一|壹|𐄇|৴|௰|፩|¾a|1½|10³|1️⃣|#️⃣|0\u0301|1\u20e3
ⓐⒶ|🄰|㎏|㏒|℃|№5|℡|™|ª|º|1º|µm|Ω|π≈3.14|−5|–5|5×5|6÷2|±1|∞|√2|∑x|∫|≤≥≠|←→|⇒""".replace("\n", "|").split("|")

EMOJI = """😀|😀😀|a😀b|😀 photo|👍🏽|👨‍👩‍👧‍👦|👩🏿‍🚀|🏳️‍🌈|🏴󠁧󠁢󠁷󠁬󠁳󠁿|🇩🇪|🇩🇪🇫🇷|❤️|❤|☺︎|✈️ photo|🐱cat|cat🐱dog|😀's|🤷‍♂️|¯\\_(ツ)_/¯|(╯°□°)╯︵ ┻━┻|ʕ•ᴥ•ʔ|( ͡° ͜ʖ ͡°)|(ಥ﹏ಥ)
(ง'̀-'́)ง|♥♦♣♠|★☆|☃|♪♫|𝕳𝖊𝖑𝖑𝖔|𝒜ℬ|ℝ|𝐀𝐁|🆒|🅰|㍿|⚀|䷀|🂡|🀄|𓀀|𐍈|𠜎|𠮷野家|\U0010ffff|\ue000|\uf8ff|\U000f0000|\u2400|\ufffd|\ufffd\ufffd|\ufffc|\ufff9a\ufffb""".replace("\n", "|").split("|")

SPACES = [f"a{s}b" for s in "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u180e\u200b\u200c\u200d\u2060\ufeff\xad\u034f\u061c\u115f\u3164\uffa0"]
SPACES += [f"{s}a" for s in " \t\n\xa0\ufeff\u3000\u200b\x1f"] + [f"a{s}" for s in " \t\n\xa0\ufeff\u3000\u200b\x1f"]
SPACES += ["", " ", "  ", "\n", "\r\n", "\t\t", "\xa0", "\u3000", "\u200b", "a  b", "a \n b", "a\r\nb", "a\r\rb", "a\n\rb", "a\u2028\u2029b", "  a  b  ", "a\n<b>\n&eacute;", "&eacute;\n<b>", "Ã©\nÃ©", "Ã©\nplain\n&amp;", "\n\n\nÃ©\n"]

CONTROLS = [f"a{chr(c)}b" for c in [*range(32), 127, *range(128, 160)]]
CONTROLS += ["\x1b[31mred\x1b[0m", "\x1b[1;31;40mx", "\x1b[m", "\x1b[", "\x1b", "\x1b[3", "\x1b[3;", "\x1b[\u0663m", "a\x1b[Ab", "\x1b\x1b[0m", "\x1b]0;title\x07", "\x9b31m", "a\u202eb", "a\u200eb\u200f", "\u206aa\u206f", "\u2066a\u2069", "\ufeffa", "a\ufeffb", "\u0000", "\x7f", "a\x08b", "\x93quoted\x94", "it\x92s", "\x80 5", "a\x85b", "caf\x8e", "\x99", "\x81\x8d\x8f\x90\x9d", "é\x93x\x94", "日\x93"]

COMBINING = ["e\u0301", "E\u0301", "cafe\u0301", "a\u0308\u0301", "a\u0301\u0308", "q\u0307\u0323", "q\u0323\u0307", "\u0301", "\u0301a", " \u0301", "1\u0301", "o\u0302\u0303\u0304\u0305", "Z\u0335\u0321a\u0336l\u0337g\u0338o\u0334", "a" + "\u0300" * 40, "\u1e9b\u0323", "\u0344", "\u0958", "\u2126", "\u212b", "\u1100\u1161\u11a8", "\u1112\u1161\u11ab", "\uac00\u11a8", "\u0041\u030a", "s\u0323\u0307", "\u0b47\u0b56", "\u09c7\u09be", "\u1025\u102e", "\U00011131\U00011127", "\u3046\u3099", "\ufb1d", "\ufb2a", "\u05e9\u05c1", "\u0f73", "\u2adc", "\U0001d15e", "\uf900", "\u2f800"[:1], "\U0002f800", "n\u0303o", "i\u0307\u0301", "I\u0301", "\u0130\u0301", "ﬁ\u0301", "ｶ\u3099"]

MEANT = """café|naïve café|Zürich|schön|größer|façade|“quoted”|it’s|don’t|a – b|a — b|wait…|€5|£5|¥|©|®|™|½|°C|±|×|÷|¿qué?|¡hola!|piñata|à la mode|voilà|là|déjà vu|Ångström|Øre
Łódź|Dvořák|Škoda|žluťoučký|ő ű|ğ ş ı İ|ē ū ņ|Ελλάδα|άλφα|Привет|чёрный кот|Україна|שלום|سلام|हिन्दी|ไทย|日本語|中文|한국어|✔ ok|♥|→|😀|👍🏽|🏳️‍🌈|𝒜|“it’s”|• item|†|‡|‰|ﬁ|œuvre|Œ|Ž|ª º|« a »|¼|µm|Ð|þ|ß|Straße|ÅÄÖ|Ü|ñandú|señor|ça va|être|où|naïveté
l’été|rock ’n’ roll|Nguyễn Văn|Việt Nam|Phở|S̆|ﷺ|\u200bx|x\u00a0y|\ufeffx""".replace("\n", "|").split("|")


def misread(text: str, encoding: str) -> str:
    """What `text` in UTF-8 looks like where bytes are read by `encoding`, unknown ones as control characters."""
    out = []
    for byte in text.encode("utf-8"):
        try:
            out.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return "".join(out)


ENCODINGS = ["latin-1", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "iso-8859-2", "mac-roman", "cp437"]

GARBLE = []
for number, text in enumerate(MEANT):
    for encoding in ["latin-1", "cp1252", "mac-roman"]:
        GARBLE.append(misread(text, encoding))
    GARBLE.append(misread(text, ENCODINGS[number % len(ENCODINGS)]) + " ok")
    GARBLE.append(misread(misread(text, "cp1252"), "cp1252"))
    if number % 3 == 0:
        GARBLE.append(misread(text, "cp1252").replace("\xa0", " "))
        GARBLE.append("un " + misread(text, "cp1252") + " ünd €")
        GARBLE.append(misread(text, "cp1252").replace("\x9d", "\ufffd").replace("\x81", "\ufffd"))
        GARBLE.append(misread(text, "latin-1").replace("\x80", "?"))
GARBLE += """Ã|Â|Ã |Â |Ã  la mode|voilÃ le travail|Ã la|Ã s|Ã s oito|Ãquele|Ã quele|fÃ cil|Â£5|Â |a Â b|a. Â b|â€œ like this â€�|â€�|â€|â€™|â|ã|Ã©Ã|ÃÂ©|ÃƒÂ©|Ãƒâ€šÃ‚Â©|Ð|Ñ|ÐŸÑ€|РџСЂРёРІРµС‚|вЂ™|вЂњ|вЂ”|ГўВЂВ™s|ΓÇÖ|ΓÇ£x|β€™|ā€œ|‚Äôs|‚Äúx‚Äù|√©|√º|√±|≈°|caf√©|â‚¬|ï»¿x|ï¿½|Ü¿|ÃƒÆ’|l’Ã©tÃ©|©|®|Å|Å |Å ok|É|É©|ÄÄ|ĂŠ|Ă©|Å›|Ä™|Å‚|ÄÅ|schĂ¶n|LÃ³pez|JosÃ©|Å koda|Æ’|fiancÃ©e|Ã¯Â¿Â½|ðŸ˜€|ðŸ|ð|í\xa0½í¸€|í ½í¸€|À\x80|À|À\x80 é|O\xdcâ€“|×²|Ø§Ù„|à¸ªà¸§|à²|à¹|┬á|├⌐|╬⌐x|ΓÇô|°C|Á°|À°|Œ|œ|Œ.|œu|Œx|«é|é»|é¤|¤é|ªê|“é”|é“1|é™“|€À|a€À|À€| À€|ÀÂ|±À|éÀ|йÀ|À±|À§|█À|À█|█±|█”|™é|©é|é©x|éœ|¢à|À¶|░ò|àÂ|aÂ“|aÀ€|x²Â|бЂ|À\u00a0|™€|aЖ¤|ЖА¬|aж¸|¨¨|ò█""".split("|")

LONG = ["a" * 90, "ab" * 60, "x" * 300, "supercalifragilisticexpialidocious" * 4, "é" * 70, "猫" * 40, "1" * 90, "!" * 100, "a1" * 50, "a photo of " * 30, "-" * 77, "_" * 120, "'s" * 50, "<" * 40, "&" * 60, "&amp;" * 30, "Ã©" * 40, "😀" * 30, "the quick brown fox jumps over the lazy dog " * 6, "redred" * 30, "circlesquare" * 15]

MIXED = ["abc-déf_ghi", "a.b.c", "U.S.A.", "e.g., i.e.", "C++", "C#", ".NET", "a/b\\c", "~/x", "(a)[b]{c}", "a=b", "a+b", "a*b", "^_^", ":-)", ";)", "<3", "\\o/", "|", "\"", "'", "`", "“", "!?", "...", "…", "--", "—", "a…b", "a—b", "日本a1b", "aбв", "кот1cat", "cat猫", "½a", "a½b", "_a_", "a_b", "A_B", "__", "©2020", "x™y", "naïve's", "É's", "猫's", "🐱's", "a\u200db", "a\u00adb", "a\u0301's", "\u0301's", "'\u0301s", "1's's", "<b>’s</b>", "#1 \u2018best\u2019", "ﬁ's", "ｉｔ’ｓ", "5'10\"", "90°", "w/o", "24/7", "\\n", "\\u00e9", "%C3%A9", "=E9", "\u1d2c\u1d2d", "ʰʲ", "ⁿ", "x₁₂", "H₂O", "ǰ", "\u1e96", "\u1f50", "ΐ'", "ȳ", "\u0149", "\u2160\u2161", "\u24b6", "\u16a0\u16a1", "ꙮ", "Ꙁ", "Ꭰ", "ꭰ", "ᏸ", "Ა", "ა", "\U00010400", "\U00010428", "\U0001e900", "\u2c00", "\u2c30", "Ⴀ", "\u10d0", "\ua64a", "\u1c88", "\u1c80", "ϴ", "Ω", "ẛ", "\u1e9e\u1e9e", "ŸŸ", "µ", "μ", "ς", "ϲ", "\u03f9", "ͺ", "ʹ", ";", "·", "`"]
# fmt: on


def nasty() -> list[str]:
    """Every text of the list once, in order; lone surrogates excluded, as they are in no file."""
    texts = [
        *PLAIN,
        *SPECIAL,
        *ENTITIES,
        *WORDS,
        *QUOTES,
        *DIGITS,
        *EMOJI,
        *SPACES,
        *CONTROLS,
        *COMBINING,
        *GARBLE,
        *LONG,
        *MIXED,
    ]
    return list(dict.fromkeys(texts))


def generated(seed: int) -> Iterator[str]:
    """Texts without end, put together of the list's pieces, of characters of every kind, and of garble."""
    draw = random.Random(seed)
    pieces = nasty()
    # Python and Swift know different versions of Unicode; assigned here is assigned there.
    known = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
    small = [c for c in known if ord(c) < 0x600]
    names = [f"&{name}" for name in html.entities.html5]
    words = "a photo of the red small dog Cat's CAR don't 42 blurry, (old) sky-blue it’s café Zürich".split()
    makers = [
        lambda: draw.choice(pieces),
        lambda: "".join(draw.choice(known) for _ in range(draw.randint(1, 8))),
        lambda: "".join(draw.choice(small) for _ in range(draw.randint(1, 12))),
        lambda: "".join(map(chr, (draw.randrange(1, 256) for _ in range(draw.randint(1, 12))))),
        lambda: draw.choice(names),
        lambda: draw.choice(names).upper(),
        lambda: f"&#{draw.choice(['', 'x', 'X'])}{draw.randrange(70000)}{draw.choice(['', ';', 'a'])}",
        lambda: misread("".join(draw.choice(known) for _ in range(draw.randint(1, 5))), draw.choice(ENCODINGS)),
        lambda: misread("".join(draw.choice(small) for _ in range(draw.randint(1, 9))), draw.choice(ENCODINGS)),
        lambda: misread(misread(draw.choice(MEANT), draw.choice(ENCODINGS)), draw.choice(ENCODINGS)),
        lambda: misread(draw.choice(MEANT), draw.choice(ENCODINGS)).replace("\xa0", " ").replace("\x9d", "\ufffd"),
        lambda: "".join(draw.choice("'stdlmrev SL’ſ1é.&;<") for _ in range(draw.randint(1, 10))),
        lambda: draw.choice(words),
        lambda: draw.choice(words),
    ]
    while True:
        joint = draw.choice(["", " ", " ", "\n"])
        yield joint.join(draw.choice(makers)() for _ in range(draw.randint(1, 6)))
