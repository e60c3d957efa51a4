extension TrainingScene {
    /// What the scene is called at the `visit`th time that a training comes to it: another caption each time.
    public func caption(visit: UInt64 = 0) -> String {
        var stream = Stream(seed: picture.seed, index: picture.index, .caption, visit: visit)
        let chance = stream.pick([15, 45, 75])
        var text = content(colourChance: chance, &stream)
        if stream.percent(18) {
            var ground = groundColour.rawValue
            if scene.ground.texture != .solid, stream.percent(40) {
                ground += " " + stream.pick(scene.ground.texture.words)
            }
            text += " on \(withArticle(ground)) background"
        }
        return prefix(&stream) + text + stream.pick(["", "."])
    }

    private func content(colourChance: Int, _ stream: inout Stream) -> String {
        guard let relation, things.count == 2 else { return name(things[0], colourChance, &stream) }
        let kind = stream.below(100)
        var (first, word, second) = (things[0], relation.rawValue, things[1])
        if kind >= 72, let opposite = relation.opposite {
            if kind < 88 {
                (first, word, second) = (second, opposite.rawValue, first)
            } else {
                word = "and"
            }
        }
        let one = name(first, colourChance, &stream)
        return "\(one) \(word) \(name(second, colourChance, &stream))"
    }

    private func name(_ thing: Thing, _ colourChance: Int, _ stream: inout Stream) -> String {
        var words: [String] = []
        if let size = thing.size, stream.percent(30) {
            words.append(stream.pick(size == .big ? ["big", "large"] : ["small", "little"]))
        }
        if stream.percent(colourChance) { words.append(thing.colour.rawValue) }
        if stream.percent(thing.texture == .solid ? 25 : 80) { words.append(stream.pick(thing.texture.words)) }
        if words.count > 1, stream.percent(15) { stream.shuffle(&words) }
        return withArticle((words + [thing.shape.rawValue]).joined(separator: " "))
    }

    private func prefix(_ stream: inout Stream) -> String {
        if condition != .usual, stream.percent(60) {
            return "a \(condition.rawValue) \(stream.pick(["photo", "picture"])) of "
        }
        if isOutlined, stream.percent(50) { return stream.pick(["a drawing of ", "a cartoon of "]) }
        return stream.pick([
            "a photo of ", "a photo of ", "a picture of ", "an image of ", "", "this is ", "there is ",
        ])
    }
}

/// `words` with `a` or `an` before them.
func withArticle(_ words: String) -> String {
    ("aeiou".contains(words.first ?? " ") ? "an " : "a ") + words
}
