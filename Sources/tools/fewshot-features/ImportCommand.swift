internal import ArgumentParser
internal import Command
internal import Core
internal import FeatureStore

/// Imports the features of other programs.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a feature folder from .npy or .safetensors files, or from a Tip-Adapter cache.",
        discussion: """
            Every input is checked before anything is written: shapes, labels, row numbers, finite values, zero rows. \
            An existing output from the same inputs is reused; any other is kept unless --replace is given.
            """,
        subcommands: [Npy.self, Safetensors.self, TipAdapter.self])

    struct Npy: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import image features, labels and text from .npy files.")

        @Option(help: ArgumentHelp("Image features [N,D] or [N,V,D].", valueName: "file"), completion: .file())
        var images: String
        @Option(help: ArgumentHelp("Labels [N], whole numbers from 0.", valueName: "file"), completion: .file())
        var labels: String
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D] or [C,D].", valueName: "file"), completion: .file())
        var text: String?
        @OptionGroup var division: DivisionArguments
        @OptionGroup var shared: ImportArguments

        func run() throws {
            var draft = ArrayImport(images: images, labels: labels, settings: shared.settings)
            (draft.text, draft.rows, draft.part) = (text, division.rows, division.part)
            let job = draft
            let outcome = try withProgress("import", unit: "rows") { progress throws(Fault) in
                try job.run(progress: progress)
            }
            shared.report(outcome, shots: "1,2,4,8,16")
        }
    }

    struct Safetensors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import image features, labels and text from one .safetensors file.")

        @Option(help: "The file with all tensors.", completion: .file())
        var file: String
        @Option(help: ArgumentHelp("Tensor of image features [N,D] or [N,V,D].", valueName: "name"))
        var images: String
        @Option(help: ArgumentHelp("Tensor of labels [N].", valueName: "name"))
        var labels: String
        @Option(help: ArgumentHelp("Tensor of text features [P,C,D], [C,P,D] or [C,D].", valueName: "name"))
        var text: String?
        @OptionGroup var division: DivisionArguments
        @OptionGroup var shared: ImportArguments

        func run() throws {
            var draft = ArrayImport(file: file, images: images, labels: labels, settings: shared.settings)
            (draft.text, draft.rows, draft.part) = (text, division.rows, division.part)
            let job = draft
            let outcome = try withProgress("import", unit: "rows") { progress throws(Fault) in
                try job.run(progress: progress)
            }
            shared.report(outcome, shots: "1,2,4,8,16")
        }
    }

    struct TipAdapter: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a cache folder of Tip-Adapter's code, written by torch.save.",
            discussion: "The few-shot keys become the train subset. No code in the files is executed.")

        @Argument(help: "The folder of keys_Kshots.pt, values_Kshots.pt, val_f.pt, val_l.pt, test_f.pt and test_l.pt.")
        var folder: String
        @Option(help: "The number of shots K in the names of the key files.")
        var shots: Int
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D] or [C,D], .npy or .pt.", valueName: "file"),
            completion: .file())
        var text: String?
        @OptionGroup var shared: ImportArguments

        func validate() throws {
            guard shots > 0 else { throw ValidationError("--shots: found \(shots), expected 1 or more.") }
        }

        func run() throws {
            var draft = TipAdapterImport(folder: folder, shots: shots, settings: shared.settings)
            draft.text = text
            let job = draft
            let outcome = try withProgress("import", unit: "rows") { progress throws(Fault) in
                try job.run(progress: progress)
            }
            shared.report(outcome, shots: "all")
        }
    }
}
