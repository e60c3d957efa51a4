/// The layout of a data set's own annotations.
package enum RawAnnotations: Sendable {
    /// One folder per class, except for `ignored`; `names` maps folders to class names that differ from them.
    case folders(ignored: Set<String> = [], names: [String: String] = [:])
    /// One list of images per subset (FGVCAircraft).
    case aircraft
    /// MATLAB structures (StanfordCars).
    case cars
    /// A MATLAB row vector of labels (Flowers102).
    case flowers
    /// WordNet folders below `train` and `val` (ImageNet).
    case imagenet
    /// WordNet folders of test images (ImageNet-Sketch, -A, -R).
    case imagenetShift
    /// Folders named 0 to 999 of test images (ImageNetV2).
    case imagenetV2
    /// Two lists of file names with labels (OxfordPets).
    case pets
    /// Two lists of paths (SUN397).
    case sun
    /// Two lists of videos (UCF101).
    case ucf
}
