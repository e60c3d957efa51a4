internal import Adapter
public import Core

extension StudyFile {
    /// Writes all options of `study` but its output as a study file in JSON, which is YAML.
    public static func write(_ study: Study, to path: String) throws(Fault) {
        var record = ["settings": RecordedValue(value: study.settings)]
        for option in StudyOption.all { record[option.key] = option.write(study).map(RecordedValue.init) }
        try PublishedFile.publish(JSONDocument.page(record), to: path)
    }

    /// Writes the options of `study` into its output folder, where they stay until the study is complete.
    static func record(_ study: Study) throws(Fault) { try write(study, to: "\(study.output)/\(recordName)") }

    /// Removes the record of a complete study, since results hold no paths.
    static func discardRecord(of study: Study) {
        removeFile("\(study.output)/\(recordName)")
        removeEmptyFolder(study.output)
    }

    /// Reads the unfinished study of an output folder.
    ///
    /// - Throws: `noInput` where there is none.
    public static func resume(_ output: String) throws(Fault) -> StudyFile {
        let path = "\(output)/\(recordName)"
        guard case .file = try FileKind.found(at: path) else {
            throw Fault(
                .noInput, path, found: "no study to resume", expected: "the output folder of an unfinished study",
                remedy: "name the folder with \(option: "output"), or run the command of the study")
        }
        return try StudyFile(path: path)
    }

    private static let recordName = "study.json"
}

/// The value of an option in JSON.
private struct RecordedValue: Encodable {
    let value: any Encodable

    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
