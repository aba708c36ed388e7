namespace Bellman.Environments.Box2D.Physics;

/// <summary>A joint while its velocities and positions are solved.</summary>
internal struct JointConstraint
{
    public int Joint;
    public int IndexA;
    public int IndexB;
    public float InverseMassA;
    public float InverseMassB;
    public float InverseInertiaA;
    public float InverseInertiaB;

    /// <summary>From the centre of mass to the hinge in the body's coordinates.</summary>
    public Vector LocalArmA;

    public Vector LocalArmB;

    /// <summary>The same in the world, at the start of the step.</summary>
    public Vector ArmA;

    public Vector ArmB;
    public float MotorMass;
    public float MotorSpeed;

    /// <summary>Newton metre seconds in a step; 0 where there is no motor.</summary>
    public float MaxMotorImpulse;

    public bool HasMotor;
    public LimitState Limit;
    public float ReferenceAngle;
    public float LowerAngle;
    public float UpperAngle;

    /// <summary>The symmetric 3 × 3 matrix by which impulses (x, y, turn) change relative velocities.</summary>
    public float K11;

    public float K12;
    public float K13;
    public float K22;
    public float K23;
    public float K33;

    /// <summary>1 / det of the upper left 2 × 2 block.</summary>
    public float InverseDeterminant2;

    /// <summary>1 / det of the whole.</summary>
    public float InverseDeterminant3;

    /// <summary>The cross product of the second and third columns.</summary>
    public float Cross1;

    public float Cross2;
    public float Cross3;

    /// <summary>Fills the matrix from the arms and the masses.</summary>
    public void SetMatrix()
    {
        float mA = InverseMassA, mB = InverseMassB, iA = InverseInertiaA, iB = InverseInertiaB;
        K11 = mA + mB + (ArmA.Y * ArmA.Y * iA) + (ArmB.Y * ArmB.Y * iB);
        K12 = (-ArmA.Y * ArmA.X * iA) - (ArmB.Y * ArmB.X * iB);
        K13 = (-ArmA.Y * iA) - (ArmB.Y * iB);
        K22 = mA + mB + (ArmA.X * ArmA.X * iA) + (ArmB.X * ArmB.X * iB);
        K23 = (ArmA.X * iA) + (ArmB.X * iB);
        K33 = iA + iB;
        MotorMass = K33 > 0 ? 1.0f / K33 : K33;

        float determinant2 = (K11 * K22) - (K12 * K12);
        InverseDeterminant2 = determinant2 != 0 ? 1.0f / determinant2 : determinant2;
        Cross1 = (K22 * K33) - (K23 * K23);
        Cross2 = (K23 * K13) - (K12 * K33);
        Cross3 = (K12 * K23) - (K22 * K13);
        float determinant3 = (K11 * Cross1) + (K12 * Cross2) + (K13 * Cross3);
        InverseDeterminant3 = determinant3 != 0 ? 1.0f / determinant3 : determinant3;
    }
}

/// <summary>The turning impulses of a joint that a solver accumulates, newton metre seconds.</summary>
internal struct JointTurns
{
    public float Limit;
    public float Motor;
}
