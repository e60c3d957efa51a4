import Core
import Testing

@Test func aSeededGeneratorGivesThePublishedNumbers() {
    // SplitMix64 from seed 1234567, as its reference implementation prints them.
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.permutation(100).sorted() == Array(0 ..< 100))
}
