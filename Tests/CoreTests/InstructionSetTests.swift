import CProcessor
import Testing

/// The names of the sets that a program built for `built` lacks on the processor `found`.
private func missing(built: UInt64, found: UInt64) -> String {
    var text = [CChar](repeating: 0, count: 1024)
    let count = unsafe cprocessor_missing_instructions(built, found, &text, text.count)
    let names = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(names.split(separator: ",").count == Int(count))
    return names
}

private func instructions(_ registers: cprocessor_registers) -> UInt64 {
    var registers = registers
    return unsafe cprocessor_instructions(&registers)
}

/// The registers of an EPYC of the fourth generation, and of the Haswell and the Nehalem of qemu.
private let zen4 = cprocessor_registers(
    leaf1_ecx: 0xFFFA_3203, leaf7_ebx: 0xF1BF_07AB, leaf7_ecx: 0x0040_5FC6, leaf7_edx: 0x10, leaf7_1_eax: 0x20,
    leaf7_1_edx: 0, extended_ecx: 0x0040_03F3, saved: 0xE7)
private let haswell = cprocessor_registers(
    leaf1_ecx: 0xFED8_3203, leaf7_ebx: 0x3A9, leaf7_ecx: 0, leaf7_edx: 0, leaf7_1_eax: 0, leaf7_1_edx: 0,
    extended_ecx: 0x21, saved: 7)
private let nehalem = cprocessor_registers(
    leaf1_ecx: 0x0098_2201, leaf7_ebx: 0, leaf7_ecx: 0, leaf7_edx: 0, leaf7_1_eax: 0, leaf7_1_edx: 0, extended_ecx: 1,
    saved: 0)

@Test func aProcessorHasWhatIsBuiltForIt() {
    for processor in [zen4, haswell, nehalem].map(instructions) {
        #expect(missing(built: processor, found: processor) == "")
    }
    #expect(missing(built: instructions(nehalem), found: instructions(zen4)) == "")
    #expect(missing(built: instructions(haswell), found: instructions(zen4)) == "")
}

@Test func theInstructionsThatAnOlderProcessorLacksAreNamed() {
    #expect(
        missing(built: instructions(zen4), found: instructions(haswell))
            == "AVX-512F, AVX-512CD, AVX-512DQ, AVX-512BW, AVX-512VL, AVX-512IFMA, AVX-512VBMI, AVX-512VBMI2, "
            + "AVX-512VNNI, AVX-512BITALG, AVX-512VPOPCNTDQ, AVX-512BF16, GFNI")
    #expect(
        missing(built: instructions(haswell), found: instructions(nehalem))
            == "AVX, F16C, FMA, MOVBE, BMI, BMI2, LZCNT, AVX2")
}

@Test func vectorsThatTheSystemDoesNotSaveAreMissing() {
    var registers = zen4
    registers.saved = 7
    #expect(missing(built: instructions(zen4), found: instructions(registers)).hasPrefix("AVX-512F, "))
    registers.saved = 1
    #expect(missing(built: instructions(haswell), found: instructions(registers)) == "AVX, F16C, FMA, AVX2")
}

@Test func thisProcessorHasTheInstructionsOfThisBuild() {
    var registers = cprocessor_registers()
    unsafe cprocessor_registers_here(&registers)
    #expect(missing(built: cprocessor_built_instructions(), found: instructions(registers)) == "")
}

@Test func aTextThatIsTooShortForAllNamesEndsInTime() {
    var text = [CChar](repeating: 1, count: 12)
    #expect(unsafe cprocessor_missing_instructions(.max, 0, &text, 8) > 20)
    #expect(text[8...].allSatisfy { $0 == 1 } && text[..<8].contains(0))
}
