import TestSupport
import Testing
import TextCleaning

/// The expected texts are those of Python's `unicodedata.normalize("NFC", text)`.
@Test(arguments: [
    ("e\u{301}", "\u{E9}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"), ("\u{D30C}\u{11A7}", "\u{D30C}\u{11A7}"),
    ("\u{11A7}\u{11A8}\u{AC00}\u{11A8}", "\u{11A7}\u{11A8}\u{AC01}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
    ("\u{212B}\u{958}", "\u{E5}\u{915}\u{93C}"), ("\u{1E0B}\u{323}", "\u{1E0D}\u{307}"),
])
func textsAreComposedAsPythonComposesThem(text: String, expected: String) {
    #expect(CleanedText(text).bytes == Array(expected.utf8))
}
