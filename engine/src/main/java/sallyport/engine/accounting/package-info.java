/// Counting: the bandwidth a relay carried, the faults its peers made, and the statistics of its extra-info documents,
/// as sums without any peer's name.
/// Fed by link, circuit, stream and directory on the instance's loop; read by descriptor and by whoever shows status.
/// Obeys dir-spec "Server descriptor format" (`bandwidth`) and "Extra-info document format".
@NullMarked
package sallyport.engine.accounting;

import org.jspecify.annotations.NullMarked;
