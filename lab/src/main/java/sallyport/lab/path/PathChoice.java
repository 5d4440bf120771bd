package sallyport.lab.path;

/// What comes of choosing a path.
public sealed interface PathChoice permits Path, PathChoice.None {
    /// There is none.
    enum None implements PathChoice {
        /// The relays at hand allow none.
        NO_RELAYS,
        /// No guard is to be had just now: all that would do have failed or are being tried.
        NO_GUARD_NOW
    }
}
