import Core
import Testing

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
