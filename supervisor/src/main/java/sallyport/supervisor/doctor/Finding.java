package sallyport.supervisor.doctor;

/// Something that is not as it should be.
///
/// @param id stable, `D` and three digits (docs/doctor.md)
/// @param what is there, with what is needed where that is a figure
/// @param why it matters
/// @param next what to do, a command where there is one
public record Finding(String id, Severity severity, String what, String why, String next) {}
