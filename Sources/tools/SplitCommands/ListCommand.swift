internal import ArgumentParser
internal import Catalog
internal import Command
internal import Core
internal import SplitImport

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the published data sets, or show the catalog entry of one.",
        discussion: """
            With --root, the column 'found' shows the files present: 'split' for CoOp's published file, 'raw' for the \
            data set's own annotations, or 'missing'.
            """)

    /// The test data sets of a protocol that trains on ImageNet.
    enum Targets: String, ExpressibleByArgument, CaseIterable {
        case crossDataset = "cross-dataset"
        case domainShift = "domain-shift"

        var names: [String] {
            switch self {
            case .crossDataset: Catalog.crossDatasetTargets
            case .domainShift: Catalog.shiftTargets
            }
        }
    }

    @Argument(help: "The data set to show.", completion: .list(Catalog.entries.map(\.name)))
    var name: String?
    @Option(help: .value("folder", "The data root, which contains the data sets' folders."), completion: .directory)
    var root: String?
    @Option(help: .value("protocol", "List only the test data sets of cross-dataset or domain-shift studies."))
    var targets: Targets?
    @Flag(help: "Print the catalog section of DATASET.md.")
    var markdown = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard name == nil || targets == nil else {
            throw ValidationError("--targets lists several data sets: leave out the name")
        }
        guard name == nil || !markdown else {
            throw ValidationError("--markdown lists all data sets: leave out the name")
        }
    }

    func run() throws {
        if let name {
            let record = record(try Catalog.require(name))
            let found = record.found.map { "Below \(root ?? ""): \($0).\n" } ?? ""
            return output.print(record, page: try Catalog.require(name).page + found)
        }
        let names = targets?.names
        let records = Catalog.entries.filter { names?.contains($0.name) ?? true }.map(record)
        output.print(records, page: markdown ? Catalog.page : Self.table(records))
    }

    private func record(_ entry: DatasetEntry) -> DatasetRecord {
        DatasetRecord(entry, found: root.map { entry.source(in: $0)?.rawValue ?? "missing" })
    }

    private static func table(_ records: [DatasetRecord]) -> String {
        var rows = [["name", "title", "classes", "train", "val", "test"]]
        rows += records.map { record in
            let counts = [record.classes, record.counts.train, record.counts.val, record.counts.test]
            return [record.name, record.title] + counts.map { "\($0)" }
        }
        if records.contains(where: { $0.found != nil }) {
            rows[0].append("found")
            for (row, record) in records.enumerated() { rows[row + 1].append(record.found ?? "") }
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                // Numbers are aligned to the right, and nothing follows the last column.
                return (2 ... 5).contains(column) ? space + row[column] : row[column] + space
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}
