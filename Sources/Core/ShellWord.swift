/// `path` as a shell accepts it: in quotes where they are needed, as for the empty word.
package func shellWord(_ path: String) -> String {
    path.isEmpty
        ? "''"
        : path.contains { !$0.isLetter && !$0.isNumber && !"/._-+=:,@%".contains($0) }
            ? "'\(path.replacing("'", with: "'\\''"))'" : path
}
