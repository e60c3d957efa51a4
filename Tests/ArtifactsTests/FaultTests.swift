import Artifacts
import Testing

@Test func aSentenceIsOneLineAndHoldsNothingThatATerminalObeys() {
    let fault = Fault.badData(
        "a\u{1B}[2Jb.txt", found: "'x\r\ny\u{7F}\u{85}\u{2028}z' \u{1F600}\u{200D}", expected: "é")
    #expect(fault.description == "a [2Jb.txt: found 'x  y   z' \u{1F600}\u{200D}, expected é.")
}
