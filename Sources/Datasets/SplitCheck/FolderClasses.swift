/// Items whose folder holds another class, where a data set has a folder for each class.
enum FolderClasses {
    /// The folder's own class takes so many of its items, at least.
    private static let share = 0.9

    /// Numbers of the items that have another label than nearly all items of their folder.
    ///
    /// - Returns: nothing where folders do not go by class, as in data sets with one folder for all.
    static func strangers(_ items: NumberedItems, _ folders: ItemFolders) -> [Int] {
        var counts = [[Int: Int]](repeating: [:], count: folders.folderCount)
        var labels: Set<Int> = []
        for number in 0 ..< items.count {
            counts[folders.folder(number)][items.label(number), default: 0] += 1
            labels.insert(items.label(number))
        }
        let owners = counts.map { counts in
            counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
                .flatMap { Double($0.value) >= share * Double(counts.values.reduce(0, +)) ? $0.key : nil }
        }
        // Each folder has an owner, and each class owns one.
        guard labels.count > 1, Set(owners.compactMap(\.self)) == labels, !owners.contains(nil) else { return [] }
        return (0 ..< items.count).filter { items.label($0) != owners[folders.folder($0)] }
    }
}
