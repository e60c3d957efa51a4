import Core
import SplitImport
import Splits
import TestSupport
import Testing

private func list(
    _ text: String, _ name: String = "labels.json", files: [String] = [],
    _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws -> ImportedSplit {
    let scratch = try ScratchFolder()
    for file in files { try scratch.write("x", file) }
    var settings = SplitImport.Settings()
    choose(&settings)
    return try SplitImport.list(scratch.write(text, name), settings)
}

private let wanted = [["a.jpg", "cat"], ["b.jpg", "dog"]]

@Test(arguments: [
    #"[{"path": "a.jpg", "label": "cat"}, {"path": "b.jpg", "label": "dog"}]"#,
    "{\"file_name\": \"a.jpg\", \"class\": \"cat\"}\n\n{\"file_name\": \"b.jpg\", \"class\": \"dog\"}\n",
    #"{"a.jpg": "cat", "b.jpg": "dog"}"#,
    #"[{"image": "a.jpg", "choice": "cat", "id": 1}, {"image": "b.jpg", "choice": "dog", "id": 2}]"#,
    #"""
    [{"data": {"image": "/data/local-files/?d=a.jpg"}, "annotations": [{"result": [{"value": {"choices": ["cat"]}}]}]},
     {"data": {"image": "b.jpg"}, "annotations": [{"result": [{"value": {"choices": ["dog"]}}]}]},
     {"data": {"image": "c.jpg"}, "annotations": []}]
    """#,
    #"""
    {"images": [{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "b.jpg"}, {"id": 9, "file_name": "c.jpg"}],
     "annotations": [{"image_id": 8, "category_id": 18}, {"image_id": 7, "category_id": 17},
                     {"image_id": 7, "category_id": 17}],
     "categories": [{"id": 18, "name": "dog"}, {"id": 17, "name": "cat"}]}
    """#,
    #"""
    {"samples": [{"filepath": "a.jpg", "ground_truth": {"_cls": "Classification", "label": "cat"}},
                 {"filepath": "b.jpg", "ground_truth": {"_cls": "Classification", "label": "dog"}}]}
    """#,
])
func jsonOfLabelingToolsIsRead(text: String) throws {
    #expect(try list(text).found == wanted, "\(text)")
}

@Test func fiftyOnesLabelsFindTheirImages() throws {
    let files = ["data/a.jpg", "data/deep/b.png", "data/notes.txt"]
    let text = #"{"classes": ["cat", "dog"], "labels": {"a": 0, "deep/b": {"label": 1, "confidence": 0.9}}}"#
    let imported = try list(text, files: files)
    #expect(imported.found == [["data/a.jpg", "cat"], ["data/deep/b.png", "dog"]])
    #expect(imported.split.classes == ["cat", "dog"])
    let names = try list(#"{"labels": {"a": "ant", "deep/b": null}}"#, files: files)
    #expect(names.found == [["data/a.jpg", "ant"]])
    #expect(names.notes.contains("left out: 1 image (deep/b) without a label"))
    let missing = fault { _ = try list(#"{"labels": {"a": "ant", "x": "bee"}}"#, files: files) }
    #expect(missing?.found.hasPrefix("1 label (x) of images that are not in") == true)
}

@Test func severalCategoriesOfAnImageAreSeveralLabels() throws {
    let text = #"""
        {"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
         "annotations": [{"image_id": 1, "category_id": 1}, {"image_id": 1, "category_id": 2},
                         {"image_id": 2, "category_id": 2}],
         "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]}
        """#
    let refused = fault { _ = try list(text) }
    #expect(refused?.found == "1 image with several labels: 'a.jpg' is 'cat' at image 1 and 'dog' at image 1")
    #expect(try list(text) { $0.severalLabels = .first }.found == wanted)
    #expect(try list(text) { $0.severalLabels = .omit }.found == [["b.jpg", "dog"]])
}

@Test(arguments: [
    (
        #"{"version": "5.0", "shapes": [], "imagePath": "a.jpg"}"#,
        "a JSON object with the keys 'imagePath', 'shapes', 'version'"
    ),
    ("[1, 2]", "a JSON list"), (#"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": []}"#, "no categories"),
    (#"[{"path": "a.jpg", "label": "cat"}, {"label": "dog"}]"#, "no 'path' at record 2"),
    (#"[{"path": "a.jpg", "label": null}]"#, "no label at record 1"), (#"[{"path": "a.jpg"}]"#, "the columns 'path'"),
    (#"[{"path": "a.jpg", "label": "cat"}"#, "truncated JSON"),
    (#"{"images": [], "annotations": [3], "categories": [{"id": 1, "name": "a"}]}"#, "no image or known category"),
    (#"[{"path": "../a.jpg", "label": "cat"}]"#, "a path with '..' in it at record 1"),
    (
        #"[{"data": {"image": "a.jpg"}, "annotations": [{"result": [{"value": {"rectanglelabels": ["cat"]}}]}]}]"#,
        "annotations without 'choices' at task 1"
    ),
])
func otherJSONIsRefusedByWhatItIs(text: String, found: String) throws {
    let refused = fault { _ = try list(text) }
    #expect(refused?.status == .badData)
    #expect(refused?.found.hasPrefix(found) == true, "\(String(describing: refused))")
}

/// A mutated file gives a valid split or a fault.
@Test func everyMutationOfJSONIsImportedOrRefused() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
        #"""
        {"images":[{"id":1,"file_name":"a.jpg"}],
         "annotations":[{"image_id":1,"category_id":1}],"categories":[{"id":1,"name":"cat"}]}
        """#, "coco.json")
    try forEachMutation(of: path, seed: 20_261, rounds: 150) { how in
        do throws(Fault) { _ = try SplitImport.list(path) } catch {
            #expect(error.status == .badData, "\(how): \(error)")
        }
    }
}
