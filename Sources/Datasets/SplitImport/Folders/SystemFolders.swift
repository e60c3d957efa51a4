/// Folders that operating systems, storage devices, and programs add, whose images are thumbnails or deleted files.
enum SystemFolders {
    private static let names: Set<String> = [
        "__MACOSX", "@eaDir", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", "$RECYCLE.BIN", "RECYCLER",
        "System Volume Information", "lost+found", "__pycache__",
    ]

    static func contains(_ name: String) -> Bool { names.contains(name) }
}
