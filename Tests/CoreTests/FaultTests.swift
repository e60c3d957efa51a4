import Core
import Testing

@Test func whatIsLongerThanPeopleReadLosesItsMiddle() {
    let name = "first" + String(repeating: "x", count: 100_000) + "last"
    let sentence = Fault.badData("a.txt", found: name, expected: "a name").description
    #expect(sentence.hasPrefix("a.txt: found firstxxx") && sentence.hasSuffix("xxxlast, expected a name."))
    #expect(sentence.count < 500)
}

@Test func aSentenceIsOneLineAndHoldsNothingThatATerminalObeys() {
    let fault = Fault.badData(
        "a\u{1B}[2Jb.txt", found: "'x\r\ny\u{7F}\u{85}\u{2028}z' \u{1F600}\u{200D}", expected: "é")
    #expect(fault.description == "a [2Jb.txt: found 'x  y   z' \u{1F600}\u{200D}, expected é.")
}

@Test func aLibraryWordsOptionsAndActionsPlainly() {
    let fault = Fault.configuration(
        option: "max_memory", found: "1 MiB", expected: "more",
        remedy: "raise it, train with \(option: "protocol", "fixed"), or \(action: .unpack("a b"))")
    #expect(fault.option == "max_memory" && fault.subject == "max_memory")
    #expect(
        "\(fault)" == "max_memory: found 1 MiB, expected more; "
            + "raise it, train with protocol fixed, or unpack the features of 'a b'.")
}

@Test func adviceIsJoinedAndMayBeMissing() {
    let number = 3
    let advice: Remedy = "take \(number)" + " or \(option: "replace")"
    #expect(advice.description == "take 3 or replace" && advice.contains("replace") && !advice.isEmpty)
    #expect(Remedy("").isEmpty && "\(Fault.badData("a.h5", found: "zeros"))" == "a.h5: found zeros.")
}
