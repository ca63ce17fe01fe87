namespace RnnLab.Recurrence;

/// <summary>What a layer of a stack sees beside the output of the one below, and what the stack gives. With x the stack's input, and y_k = layer_k(u_k) made of all its directions:</summary>
public enum StackConnection
{
    /// <summary>u_k = y_{k-1}; the output is that of the top layer.</summary>
    None,

    /// <summary>y_k = layer_k(y_{k-1}) + y_{k-1} for k ≥ 1 (He et al. 2016; in recurrent stacks Wu et al. 2016). All layers have equally wide outputs.</summary>
    Residual,

    /// <summary>u_k = [y_{k-1}; x] for k ≥ 1, and the output is [y_0; y_1; …]: x reaches every layer, and every layer the output (Graves 2013).</summary>
    Skip,
}
