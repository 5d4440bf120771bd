/// What a directory authority of a private network does between two consensuses: its timetable, and one
/// round of voting; and the keys it does that with. Knows no network and no clock; whoever runs an
/// authority tells it what came and when, and lends it the files. Stands on the documents of `vote`.
/// Obeys dir-spec 3.1 and 3.7 to 3.11 and C tor's dirvote.c, in what it answers as well.
@NullMarked
package sallyport.lab.authority;

import org.jspecify.annotations.NullMarked;
