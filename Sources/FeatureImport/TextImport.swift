internal import Core
internal import FeatureStore
internal import TensorFiles

/// The text features of an import.
struct TextImport {
    let source: TensorSource
    let layout: TextLayout
    let promptCount: Int
    let width: Int
    let type: ElementType

    /// Determines the order of the axes.
    ///
    /// - Throws: `badData` if no axis has `classCount` entries, `configuration` if both have and no layout is given.
    init(_ source: TensorSource, classCount: Int, imageWidth: Int, _ importer: Importer) throws(Fault) {
        let settings = importer.settings
        var source = source
        try Self.exchangeAxes(of: &source, classCount: classCount, imageWidth: imageWidth, importer)
        let shape = source.shape
        let axes = shape.dropLast()
        guard let width = shape.last, (1 ... 2).contains(axes.count), axes.contains(classCount), !shape.contains(0)
        else {
            throw .badData(
                source.path, found: "text features of the shape \(shape)",
                expected:
                    "[classes, prompts, width], [prompts, classes, width], or [classes, width], \(classCount) classes",
                remedy: shape.count == 3 && shape.last != imageWidth && shape.contains(imageWidth)
                    ? "transpose it so that its width, \(imageWidth), is the last axis"
                    : "give the class names with \(option: "classes"), or correct the file")
        }
        let isAmbiguous = axes.count == 2 && shape[0] == classCount && shape[1] == classCount
        if isAmbiguous, settings.textLayout == nil {
            throw .configuration(
                option: "text_layout", found: "nothing, and text features of the shape \(shape) in \(source.path)",
                expected: "prompts-first or classes-first", remedy: "say which, as both axes have \(classCount) entries"
            )
        }
        let natural: TextLayout = shape[0] == classCount ? .classesFirst : .promptsFirst
        let layout =
            source.isTransposed ? .widthFirst : axes.count == 1 ? .classesFirst : settings.textLayout ?? natural
        let classAxis = layout == .promptsFirst ? 1 : 0
        guard shape[classAxis] == classCount else {
            throw .badData(
                source.path, found: "\(shape[classAxis]) entries on the axis of classes", expected: "\(classCount)",
                remedy: "check \(option: "text_layout") and \(option: "classes")")
        }
        self.source = source
        self.layout = layout
        promptCount = axes.count == 1 ? 1 : shape[1 - classAxis]
        self.width = width
        type = try source.type()
    }

    /// Reads a matrix [width×classes], as Tip-Adapter's classifier, with its axes exchanged.
    ///
    /// - Throws: `configuration` if that layout is requested for other shapes.
    private static func exchangeAxes(
        of source: inout TensorSource, classCount: Int, imageWidth: Int, _ importer: Importer
    ) throws(Fault) {
        let shape = source.shape
        let layout = importer.settings.textLayout
        let isRequested = layout == .widthFirst
        let isEvident = layout == nil && shape == [imageWidth, classCount] && imageWidth != classCount
        guard !isRequested || shape.count == 2 else {
            throw .configuration(
                option: "text_layout", found: "width-first, and text features of the shape \(shape) in \(source.path)",
                expected: "a matrix [width, classes]", remedy: "choose another layout")
        }
        guard isRequested || isEvident else { return }
        source.isTransposed = true
        if !isRequested { importer.note("\(source.title) is [width, classes] \(shape); it is read transposed.") }
    }

    func file(classes: [String], imageWidth: Int, images: String, _ importer: Importer) throws(Fault) -> ImportedFile {
        guard width == imageWidth else {
            throw .badData(
                source.path, found: "text features of width \(width)", expected: "\(imageWidth) as in \(images)",
                remedy: "use text features of the same model")
        }
        let settings = importer.settings
        let templates = settings.templateCount ?? promptCount
        guard (0 ... promptCount).contains(templates) else {
            throw .configuration(
                option: "template_count", found: "\(templates)",
                expected: "0 to \(promptCount), the number of prompts per class")
        }
        var prompts = [[String]](repeating: [String](repeating: "", count: promptCount), count: classes.count)
        if let path = settings.prompts {
            let list = try JSONDocument.read(
                PromptList.self, from: path, expected: "a list of templates, or one list of prompts per class")
            prompts = try list.filled(classes, promptCount: promptCount, path: path)
        }
        let storage = try importer.storage(of: type, source.path)
        let lines = classes.indices.flatMap { label in
            (0 ..< promptCount).map { prompt in
                layout == .promptsFirst ? prompt * classes.count + label : label * promptCount + prompt
            }
        }
        var recorded = settings.recorded(storage)
        recorded["template-count"] = String(templates)
        recorded["text-layout"] = layout.rawValue
        if !source.name.isEmpty { recorded["text"] = source.name }
        let inputs: [(String, String?)] = [
            ("text", source.path), ("classes", settings.classes), ("text classes", settings.textClasses),
            ("prompts", settings.prompts),
        ]
        return ImportedFile(
            part: .text, source: source, lines: lines,
            shape: FeatureShape(count: classes.count, views: promptCount, width: width, type: storage),
            content: .text(prompts: prompts, kinds: (0 ..< promptCount).map { $0 < templates ? .template : .sentence }),
            classes: classes, provenance: try importer.provenance(inputs, recorded))
    }
}
