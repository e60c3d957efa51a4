import Adapter
import Core
import Foundation
import Kernels
import Studies
import TensorFiles
import TestSupport
import Testing

/// Ten thousand damaged copies of a file.
private func forEachMutation(of path: String, _ body: (_ how: String) throws -> Void) throws {
    try forEachMutation(of: path, seed: 2026, rounds: 10_000, body)
}

/// A folder of features, and a finished run of `method` on it.
private func finishedRun(_ method: any AdapterMethod.Type, in scratch: borrowing ScratchFolder) throws -> String {
    let line = try #require(try smallStudy(in: scratch, [method]).run().first)
    return scratch.file("runs/\(line.run)")
}

@Test func noMutationOfAnAdapterIsRead() throws {
    let scratch = try ScratchFolder()
    let run = try finishedRun(ClusterAdapter.self, in: scratch)
    let original = try SavedRun(path: run)
    try forEachMutation(of: "\(run)/adapter.safetensors") { how in
        do throws(Fault) {
            let read = try SavedRun(path: run)
            #expect(read.adapter.classifier == original.adapter.classifier, "\(how)")
            #expect(read.adapter.classes == original.adapter.classes, "\(how)")
        } catch {
            #expect(error.status == .badData, "\(how): \(error)")
        }
    }
}

@Test func noMutationOfARecordIsRead() throws {
    let scratch = try ScratchFolder()
    let folder = RunFolder(try finishedRun(TipAdapterF.self, in: scratch))
    let original = try #require(try folder.record())
    try forEachMutation(of: "\(folder.path)/run.json") { how in
        do throws(Fault) {
            let read = try folder.record()
            #expect(read?.result == original.result && read?.identity == original.identity, "\(how)")
        } catch {
            #expect(error.status == .badData && error.subject.hasSuffix("run.json"), "\(how): \(error)")
        }
    }
}

@Test func noMutationOfACheckpointIsResumedFrom() throws {
    let scratch = try ScratchFolder()
    let study = try smallStudy(in: scratch, [TipAdapterF.self])
    #expect(fault { _ = try study.stopped(after: 8).run() }?.status == .interrupted)
    let folder = RunFolder(scratch.file("runs/small/tip-adapter-f.4shot.s1.val"))
    let path = "\(folder.path)/checkpoint.safetensors"
    let name = try #require(try SafetensorsFile(path: path).metadata["identity"])
    let checkpoint = Checkpoint<TipAdapterF.Parameters>(
        in: folder, identity: try #require(Digest(rawValue: name)))
    let initial = try untrainedTipAdapterF(items: 16)
    let original = try #require(checkpoint.read(like: initial))
    #expect(original.epoch == 2 && original.step == 6)
    // A training of another shape does not read it.
    #expect(checkpoint.read(like: try untrainedTipAdapterF(items: 12)) == nil)
    try forEachMutation(of: path) { how in
        guard let read = checkpoint.read(like: initial) else { return }
        #expect(read.epoch == original.epoch && read.step == original.step && read.log == original.log, "\(how)")
        #expect(read.parameters.keys == original.parameters.keys, "\(how)")
    }
}

/// The parameters of a training on `count` items.
private func untrainedTipAdapterF(items: Int) throws -> TipAdapterF.Parameters {
    let features = Matrix([Float](repeating: 1, count: items * SmallFeatures.width), rows: items, columns: 16)
    let source = FeaturesInMemory(.train, views: [features], labels: (0 ..< items).map(SmallFeatures.label))
    let task = try FewShotTask(support: Support(source, classCount: 4), text: nil)
    return try TipAdapterF(.init(), task: task).initialParameters(seed: 1)
}

@Test func noMutationOfSettingsEndsTheProcess() throws {
    let scratch = try ScratchFolder()
    let text = """
        # as published
        search_scale: [7, 3]
        search_step: [200, 20]
        init_beta: &b 1
        alpha: 1.17
        dataset: 'dtd'
        load_cache: False
        shots: 16
        lr: 0.001
        epochs: 20
        precision: "auto"
        """
    let path = try scratch.write(text, "config.yaml")
    try forEachMutation(of: path) { how in
        do throws(Fault) {
            let file = try SettingsFile(path: path)
            #expect(file.shots ?? 1 > 0, "\(how)")
            for method in methods { _ = fault { try check(method, file.settings) } }
        } catch {
            #expect(error.status == .badData || error.status == .configuration, "\(how): \(error)")
            #expect(!error.description.contains("\n"), "\(how): \(error)")
        }
    }
}

private func check(_ method: (some AdapterMethod).Type, _ settings: [String: SettingValue]) throws(Fault) {
    let names = Set(method.Settings.names)
    _ = try method.Settings(overlaying: settings.filter { names.contains($0.key) }, method: method.name)
}

@Test func everyMutationOfBatchOrdersIsOrdersOrAFault() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("orders.npy")
    let orders = Tensor((0 ..< 4).flatMap { epoch in (0 ..< 8).map { ($0 + epoch) % 8 } }, shape: [4, 8])
    try writeNpy(orders.view, to: path)
    try forEachMutation(of: path) { how in
        do throws(Fault) {
            let read = try BatchOrder(path: path)
            #expect(read.epochs.allSatisfy { $0.count == read.epochs[0].count }, "\(how)")
        } catch {
            #expect(error.status == .badData && error.subject == path, "\(how): \(error)")
        }
    }
}

@Test func ordersWithoutItemsAreRefused() throws {
    let scratch = try ScratchFolder()
    for shape in ["(9223372036854775807, 0)", "(0, 9223372036854775807)", "(0, 0)"] {
        var header = "{'descr': '<i8', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        let bytes = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(header.utf8)
        let path = try scratch.write(bytes, "orders.npy")
        #expect(fault { _ = try BatchOrder(path: path) }?.status == .badData)
    }
}
