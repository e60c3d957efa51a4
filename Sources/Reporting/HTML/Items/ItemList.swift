internal import Studies

/// A list of items as cards with pictures, or as a table without any.
struct ItemList {
    /// An item: its pictures, its facts, and the probability that a bar shows.
    struct Entry {
        /// The numbers of the items that are pictured.
        let numbers: [Int]
        let facts: [Fact]
        /// A probability from 0 to 1.
        let share: Double?
    }

    /// A fact about an item: the head of its column, and its text.
    struct Fact {
        let head: String
        let text: String
        var isName = false
    }

    let caption: String
    let entries: [Entry]

    /// Returns cards with the pictures `images` of the items of all entries in order.
    func cards(_ images: [HTML]) -> HTML {
        var rest = images[...]
        let cards: [HTML] = entries.map { entry in
            let own = Array(rest.prefix(entry.numbers.count))
            rest = rest.dropFirst(own.count)
            let pictures: [HTML] = own.map { image in
                image == "" ? "<span class=\"pic none\">no picture</span>" : "<span class=\"pic\">\(image)</span>"
            }
            let facts: [HTML] = entry.facts.map { fact in
                fact.isName
                    ? "<span class=\"id\">\(fact.text)</span>" : "<span>\(fact.head) <b>\(fact.text)</b></span>"
            }
            return """
                <li\(entry.numbers.count > 1 ? " class=\"pair\"" : "" as HTML)><span class="shots">\(pictures)</span>\
                \(facts)\(entry.share.map(Self.bar) ?? "")</li>

                """
        }
        return "<p class=\"said\">\(caption)</p>\n<ul class=\"pics\">\n\(cards)</ul>\n"
    }

    /// Returns the entries as a table, whose caption has this id.
    func table(id: String) -> HTML {
        let rows: [HTML] = entries.map { entry in
            let cells: [HTML] = entry.facts.enumerated().map { place, fact in
                place == 0 ? "<th scope=\"row\">\(fact.text)</th>" : "<td class=\"text\">\(fact.text)</td>"
            }
            return "<tr>\(cells)</tr>\n"
        }
        return TableMarkup(
            caption: "\(caption)", heads: (entries.first?.facts ?? []).map { ("\($0.head)", true) }, rows: rows
        ).html(id: id)
    }

    private static func bar(_ share: Double) -> HTML {
        let width = coordinate(100 * min(max(share, 0), 1))
        return """
            <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" \
            width="100" height="8"/><rect class="full" width="\(width)" height="8"/></svg>
            """
    }
}

extension Gallery {
    /// Returns the list as cards if at least one of `items` has a picture, or else as a table.
    mutating func html(_ list: ItemList, of items: RunItems, id: String) -> HTML {
        let images = images(of: list.entries.flatMap(\.numbers), among: items)
        guard images.contains(where: { $0 != "" }) else { return "\(explanation(items))\(list.table(id: id))" }
        return list.cards(images)
    }
}

/// `97.3 %` for a probability of 0.973, with a space that does not break.
func percentage(_ probability: Float) -> String { percentage(100 * Double(probability)) }

/// `97.3 %` for a number of percent, with a space that does not break.
func percentage(_ value: Double) -> String { "\(decimal(value, 1))\u{A0}%" }
