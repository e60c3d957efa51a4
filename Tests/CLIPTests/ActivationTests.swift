import CLIP
import Testing

@Test func activationsAreNamedAsConfigurationsNameThem() {
    #expect(Activation(rawValue: "quick_gelu") == .quickGELU)
    #expect(Activation(rawValue: "gelu") == .gelu)
}
