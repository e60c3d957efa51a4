internal import Adapter
internal import Core
internal import Splits

/// The items on which a run chooses epochs and settings, or which it watches.
struct ValidationItems: Sendable, Hashable {
    /// The subset of the items.
    let source: Subset
    let size: PublishedValidation.Size

    private init(_ source: Subset, _ size: PublishedValidation.Size) {
        self.source = source
        self.size = size
    }

    /// The items of the protocols `val` and `fixed`; nil if there are none.
    init?(_ study: Study, _ opened: OpenedFolder, shots: Shots) {
        let isFull = study.validation == .full || shots == .all
        if opened.val != nil {
            // Tip-Adapter's scheme samples no val items.
            self.init(.val, isFull || study.scheme == .tip ? .whole : .atMostFour)
        } else if study.takesValFromTrain, shots != .all {
            self.init(.train, isFull ? .whole : .atMostFour)
        } else {
            return nil
        }
    }

    /// The items of the protocol `paper`; nil if there are none.
    ///
    /// The test subset replaces a missing val subset only for a choice that the published code makes on it.
    init?(published: PublishedValidation, chooses: Bool, _ study: Study, _ opened: OpenedFolder, shots: Shots) {
        let isFull = study.validation == .full || shots == .all
        let size = isFull ? .whole : published.size
        let isFromTrain = study.takesValFromTrain || (chooses && published.substitute == .train)
        if opened.val != nil {
            self.init(.val, size)
        } else if isFromTrain, shots != .all {
            self.init(.train, size == .whole && !isFull ? .atMostFour : size)
        } else if chooses, published.substitute == .test, opened.test != nil {
            self.init(.test, size)
        } else {
            return nil
        }
    }

    /// The number of items per class with K shots; nil for the whole subset.
    func count(shots: Int) -> Int? {
        switch size {
        case .whole: nil
        case .shots: shots
        case .atMostFour: min(shots, 4)
        }
    }

    /// The words of the record of a run.
    var description: String {
        switch (source, size) {
        case (.train, .whole): "other train items"
        case (_, .whole): source == .val ? "whole" : "test"
        case (.val, .atMostFour): "few-shot"
        case (_, .atMostFour): "few-shot from \(source.rawValue)"
        case (_, .shots): source == .val ? "as many as shots" : "as many as shots from \(source.rawValue)"
        }
    }
}
