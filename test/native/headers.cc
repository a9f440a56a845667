// Only there to carry the precompiled headers, which main.cc cannot use.
