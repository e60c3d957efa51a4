internal import Core
internal import Splits

/// All items of a split under consecutive numbers: those of train, then val, then test.
struct NumberedItems: Sendable {
    private let split: Split
    let count: Int

    init(_ split: Split) {
        self.split = split
        count = split.itemCount
    }

    func subset(_ number: Int) -> Subset { position(number).subset }

    func label(_ number: Int) -> Int {
        let (subset, row) = position(number)
        return Int(split[subset].labels[row])
    }

    func className(_ number: Int) -> String { split.classes[label(number)] }

    func pathBytes(_ number: Int) -> ArraySlice<UInt8> {
        let (subset, row) = position(number)
        return split[subset].pathBytes(row)
    }

    func path(_ number: Int) -> String { String(decoding: pathBytes(number), as: UTF8.self) }

    func reference(_ number: Int) -> CheckReport.Item {
        CheckReport.Item(subset: subset(number), path: path(number), className: className(number))
    }

    private func position(_ number: Int) -> (subset: Subset, row: Int) {
        if number < split.train.count { return (.train, number) }
        let rest = number - split.train.count
        return rest < split.val.count ? (.val, rest) : (.test, rest - split.val.count)
    }
}
