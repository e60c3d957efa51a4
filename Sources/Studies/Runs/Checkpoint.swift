package import Adapter
package import Core
internal import FoundationEssentials
internal import Kernels
internal import TensorFiles

/// The file in a run's folder with the state of an unfinished training.
package struct Checkpoint<Parameters: ParameterSet> {
    private let path: String
    private let identity: Digest

    package init(in folder: RunFolder, identity: Digest) {
        path = folder.path.appending(path: "checkpoint.safetensors")
        self.identity = identity
    }

    private struct Note: Codable {
        var epoch: Int
        var step: Int
        var log: TrainingLog
        var best: Best?

        struct Best: Codable {
            var epoch: Int
            var accuracy: Double
            var loss: Double
        }
    }

    /// The state to resume from; nil if there is none, or if it is damaged or belongs to another run.
    ///
    /// A checkpoint only saves time, so an unreadable one is ignored.
    package func read(like initial: Parameters) -> TrainingState<Parameters>? { try? restored(like: initial) }

    private func restored(like initial: Parameters) throws(Fault) -> TrainingState<Parameters>? {
        guard case .file = FileKind(at: path) else { return nil }
        guard let file = try? SafetensorsFile(path: path), file.metadata["identity"] == identity.description,
            let text = file.metadata["note"], let note = try? JSONDecoder().decode(Note.self, from: Data(text.utf8)),
            let intact = file.metadata["digest"], intact == (try? file.contentDigest(besides: text).description)
        else { return nil }
        var state = TrainingState(initial)
        state.epoch = note.epoch
        state.step = note.step
        state.log = note.log
        state.parameters = try file.parameters("parameter", like: initial)
        for tensor in initial.tensors() where tensor.rate != nil {
            let model = initial[keyPath: tensor.path]
            state.optimizerStates[tensor.name] = Optimizer.State(
                first: try file.matrix("first.\(tensor.name)", like: model),
                second: try file.matrix("second.\(tensor.name)", like: model))
        }
        if let best = note.best {
            let parameters = try file.parameters("best", like: initial)
            state.best = (best.epoch, best.accuracy, best.loss, parameters)
        }
        return state
    }

    /// Runs a training, and saves its last complete epoch every 30 seconds and when it is interrupted.
    func keeping(
        _ body: ((TrainingState<Parameters>) throws(Fault) -> Void) throws(Fault) -> TrainingState<Parameters>
    ) throws(Fault) -> TrainingState<Parameters> {
        var last: TrainingState<Parameters>?
        var saved = ContinuousClock.now
        do throws(Fault) {
            return try body { state throws(Fault) in
                last = state
                guard ContinuousClock.now - saved > .seconds(30) else { return }
                try write(state)
                saved = .now
            }
        } catch {
            if error.status == .interrupted, let last { try write(last) }
            throw error
        }
    }

    private func write(_ state: TrainingState<Parameters>) throws(Fault) {
        var tensors: [String: Tensor] = [:]
        for tensor in state.parameters.tensors() {
            tensors["parameter.\(tensor.name)"] = state.parameters[keyPath: tensor.path].tensor
            if let best = state.best { tensors["best.\(tensor.name)"] = best.parameters[keyPath: tensor.path].tensor }
            guard let optimizer = state.optimizerStates[tensor.name] else { continue }
            tensors["first.\(tensor.name)"] = optimizer.first.tensor
            tensors["second.\(tensor.name)"] = optimizer.second.tensor
        }
        let best = state.best.map { Note.Best(epoch: $0.epoch, accuracy: $0.accuracy, loss: $0.loss) }
        let note = Note(epoch: state.epoch, step: state.step, log: state.log, best: best)
        let text = JSONDocument.line(note)
        let metadata = [
            "format": "fewshot-checkpoint", "identity": identity.description, "note": text,
            "digest": contentDigest(of: tensors, besides: text).description,
        ]
        try writeSafetensors(tensors, metadata: metadata, to: path)
    }
}

extension SafetensorsFile {
    /// The parameters whose tensors are called `prefix.NAME`, if their shapes are those of `initial`.
    fileprivate borrowing func parameters<Parameters: ParameterSet>(
        _ prefix: String, like initial: Parameters
    ) throws(Fault) -> Parameters {
        var parameters = initial
        for tensor in initial.tensors() {
            let model = initial[keyPath: tensor.path]
            parameters[keyPath: tensor.path] = try matrix("\(prefix).\(tensor.name)", like: model)
        }
        return parameters
    }

    /// The tensor called `name`, if its shape is that of `model`.
    fileprivate borrowing func matrix(_ name: String, like model: Matrix) throws(Fault) -> Matrix {
        let tensor = try tensor(name)
        guard tensor.shape == [model.rows, model.columns], tensor.type == .float32 else {
            throw .badData(
                path, found: "\(name) of shape \(tensor.shape)", expected: "[\(model.rows), \(model.columns)]",
                remedy: "delete it")
        }
        return Matrix(tensor.floats(), rows: model.rows, columns: model.columns)
    }
}
