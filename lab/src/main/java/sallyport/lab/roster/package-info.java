/// What one directory authority of a private network knows of relays: which uploads it takes, which keys
/// belong together, who was reached when, and what it votes about each of them. Knows no network and no
/// clock; whoever runs an authority hands it uploads and times. Stands on the documents of `vote`. Obeys
/// dir-spec 3.4 and 3.8 and, where they leave it to the authority, C tor's process_descs.c, keypin.c,
/// voteflags.c and rephist.c, in the words of its answers as well.
@NullMarked
package sallyport.lab.roster;

import org.jspecify.annotations.NullMarked;
