internal import Core
internal import Splits

/// All items of a split in one row: those of train, then of val, then of test.
struct NumberedItems: Sendable {
    private let split: Split
    let count: Int

    init(_ split: Split) {
        self.split = split
        count = split.itemCount
    }

    func part(_ number: Int) -> Subset { place(number).part }

    func label(_ number: Int) -> Int {
        let (part, row) = place(number)
        return Int(split[part].labels[row])
    }

    func className(_ number: Int) -> String { split.classes[label(number)] }

    func pathBytes(_ number: Int) -> ArraySlice<UInt8> {
        let (part, row) = place(number)
        return split[part].pathBytes(row)
    }

    func path(_ number: Int) -> String { String(decoding: pathBytes(number), as: UTF8.self) }

    func reference(_ number: Int) -> CheckReport.Item {
        CheckReport.Item(part: part(number), path: path(number), className: className(number))
    }

    private func place(_ number: Int) -> (part: Subset, row: Int) {
        if number < split.train.count { return (.train, number) }
        let rest = number - split.train.count
        return rest < split.val.count ? (.val, rest) : (.test, rest - split.val.count)
    }
}
