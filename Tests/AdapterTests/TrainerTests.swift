import Adapter
import Core
import Kernels
import Testing

/// A method whose loss leaves out the gradient of one of its two parameters.
private struct Forgetful: TrainedMethod {
    struct Settings: MethodSettings {}

    struct Parameters: ParameterSet {
        var kept = Matrix.zeros(1, 1)
        var forgotten = Matrix.zeros(1, 1)
        func tensors() -> [ParameterTensor<Self>] {
            [ParameterTensor("kept", \.kept), ParameterTensor("forgotten", \.forgotten)]
        }
    }

    static let traits = TipAdapterF.traits
    let schedule: Schedule

    init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        schedule = try TipAdapterF(.init(), task: task).schedule
    }

    func initialParameters(using generator: inout SeededGenerator) -> Parameters { Parameters() }
    func classifier(_ parameters: Parameters) -> Classifier { Classifier() }
    func loss(_ batch: Batch, _ parameters: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        Loss(0, gradient: ["kept": .matrix(.zeros(1, 1))])
    }
}

@Test func aTrainedParameterWithoutAGradientEndsTheProcess() async {
    await #expect(processExitsWith: .failure) {
        let source = FeaturesInMemory(.train, views: [Matrix([1, 0], rows: 1, columns: 2)], labels: [0])
        let support = try Support(source, classCount: 1)
        let method = try Forgetful(.init(), task: FewShotTask(support: support, text: nil))
        _ = try method.train(on: support, plan: TrainingPlan(seed: 1, choice: .last(watching: nil)))
    }
}
