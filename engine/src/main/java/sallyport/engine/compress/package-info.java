/// The encodings of directory documents on the wire: what each is called, compressing, and decompressing under limits.
/// Used by `directory` for what it fetches, and by `dirserver` and `dircache` for what relays of ours hand out.
/// Obeys dir-spec "Compression"; the limits are those of C tor's lib/compress.
@NullMarked
package sallyport.engine.compress;

import org.jspecify.annotations.NullMarked;
