/// Items in another class's folder, for data sets with one folder per class.
enum FolderClasses {
    /// The minimum share of a folder's items that belong to the folder's class.
    private static let share = 0.9

    /// The numbers of the items whose label differs from that of nearly all items in their folder.
    ///
    /// - Returns: an empty list if the data set does not have one folder per class.
    static func misplaced(_ items: NumberedItems, _ folders: ItemFolders) -> [Int] {
        var counts = [[Int: Int]](repeating: [:], count: folders.folderCount)
        var labels: Set<Int> = []
        for number in 0 ..< items.count {
            counts[folders.folder(number)][items.label(number), default: 0] += 1
            labels.insert(items.label(number))
        }
        let folderLabels = counts.map { counts in
            counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
                .flatMap { Double($0.value) >= share * Double(counts.values.reduce(0, +)) ? $0.key : nil }
        }
        // Every folder has a class, and every class has a folder.
        guard labels.count > 1, Set(folderLabels.compactMap(\.self)) == labels, !folderLabels.contains(nil) else {
            return []
        }
        return (0 ..< items.count).filter { items.label($0) != folderLabels[folders.folder($0)] }
    }
}
