import Adapter
import Core
import Studies
import TestSupport
import Testing

private let tipAdapter = """
    root_path: ''
    load_cache: False
    load_pre_feat: False
    search_hp: True
    search_scale: [7, 3]
    search_step: [200, 20]

    init_beta: 1
    init_alpha: 1.17
    dataset: 'dtd'
    shots: 16
    backbone: 'RN50'
    lr: 0.001
    augment_epoch: 10
    train_epoch: 20
    """

private let clusterAdapter = """
    root_path: '/data'
    load_cache: True
    load_pre_feat: True
    search_hp: True
    search_scale: [20, 10]
    search_step: [200, 20]
    init_beta: 1
    init_alpha: 6.5
    dataset: stanford_cars
    shots: 16
    backbone: RN50
    lr: 0.001
    augment_epoch: 10
    train_epoch: 30
    t1: 0.1
    t2: 0.13
    t3: 0.07
    ls1: 10
    ls2: 20
    ls3: 0.5
    ls4: 1
    dw: 0.2
    lr1: 2.5
    lr2: 0.1
    iw: 15
    tw: 10
    ta: 0.5
    """

@Test(arguments: [(tipAdapter, "tip-adapter-f"), (clusterAdapter, "cluster-adapter")])
func publishedSettingsAreTakenUnchanged(text: String, name: String) throws {
    let scratch = try ScratchFolder()
    let file = try SettingsFile(path: scratch.write(text, "config.yaml"))
    #expect(file.shots == 16 && file.searches == true)
    #expect(file.notes.contains { $0.contains("load_cache") } && file.notes.contains { $0.contains("load_pre_feat") })
    // The published values are the defaults.
    try expectDefaults(of: methods(named: name)[0], file.settings)
}

private func expectDefaults(of method: (some AdapterMethod).Type, _ settings: [String: SettingValue]) throws {
    #expect(try method.Settings(overlaying: settings, method: method.name) == method.Settings())
}

@Test func anUnknownKeyIsNamed() throws {
    let scratch = try ScratchFolder()
    for (text, word) in [
        ("init_alfa: 1\n", "init_alfa"), ("alpha: {a: 1}\n", "alpha"), ("shots: many\n", "shots"),
        ("search_hp: 7\n", "search_hp"),
    ] {
        let path = try scratch.write(text, "config.yaml")
        let found = fault { _ = try SettingsFile(path: path) }
        #expect(found?.status == .configuration && found?.subject == path && found?.found.contains(word) == true)
    }
}

@Test(arguments: ["[", "{", "- ", "a: [", "!!a ", "? "])
func deepNestingIsRefused(opening: String) throws {
    let scratch = try ScratchFolder()
    for depth in [500, 5000, 100_000] {
        let path = try scratch.write(String(repeating: opening, count: depth), "deep.yaml")
        let found = fault { _ = try SettingsFile(path: path) }
        #expect(found?.status == .badData || found?.status == .configuration)
    }
}

@Test func referencesToReferencesAreRefusedBeforeTheyAreFollowed() throws {
    let scratch = try ScratchFolder()
    // Comparing a list that is doubled forty times, as a key, visits every value.
    var text = "a0: &a0 [1, 2]\n"
    for depth in 1 ..< 40 { text += "a\(depth): &a\(depth) [*a\(depth - 1), *a\(depth - 1)]\n" }
    let path = try scratch.write(text + "? *a39\n: 1\n", "config.yaml")
    let refusal = fault { _ = try SettingsFile(path: path) }
    #expect(refusal?.status == .badData && refusal?.found.contains("references") == true)
    #expect(fault { _ = try StudyFile(path: path) }?.status == .badData)
    // A reference to a number is harmless, and so is a pattern of names.
    let plain = try scratch.write("init_beta: &b 2\ninit_alpha: *b\ndataset: 'a*b*c*.x'\n", "plain.yaml")
    #expect(try SettingsFile(path: plain).settings["alpha"] == .number(2))
}
