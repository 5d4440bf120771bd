/// How to reach the operator, in the fields that the ContactInfo Information Sharing Specification
/// (CIISS, versions 2 and 3) gives every relay operator, and the files that prove who runs a relay. Pure;
/// called by `config` and `launch`. Obeys no Tor section: to the protocol a contact is one line of text.
@NullMarked
package sallyport.supervisor.contact;

import org.jspecify.annotations.NullMarked;
